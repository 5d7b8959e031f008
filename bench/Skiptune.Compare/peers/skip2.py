"""Skip2-LoRA by hand: no autograd, in-place updates, every way of writing it that may be the fastest."""
from typing import List

import torch
import torch.nn.functional as F

from task import CLASSES, INPUTS, OFFSETS, RANK

ROWS = RANK * len(INPUTS)


def features(base, x, batch):
    """The cache: every layer's input of every sample in one row, and the base's logits."""
    rows, logits = torch.empty(len(x), OFFSETS[-1]), torch.empty(len(x), CLASSES)
    for i in range(0, len(x), batch):
        x0 = x[i:i + batch]
        x1 = F.max_pool2d(F.relu(F.conv2d(x0, base[0], base[1], padding=2)), 2)
        x2 = F.max_pool2d(F.relu(F.conv2d(x1, base[2], base[3])), 2).flatten(1)
        x3 = F.relu(F.linear(x2, base[4], base[5]))
        x4 = F.relu(F.linear(x3, base[6], base[7]))
        logits[i:i + batch] = F.linear(x4, base[8], base[9])
        torch.cat([x0.flatten(1), x1.flatten(1), x2, x3, x4], 1, out=rows[i:i + batch])
    return rows, logits


class Frozen(torch.nn.Module):
    """The same as a module, so that TorchScript can freeze it."""

    def __init__(self, base):
        super().__init__()
        self.c1, self.c2 = torch.nn.Conv2d(1, 6, 5, padding=2), torch.nn.Conv2d(6, 16, 5)
        self.d1, self.d2, self.d3 = torch.nn.Linear(400, 120), torch.nn.Linear(120, 84), torch.nn.Linear(84, 10)
        for layer, weight, bias in zip([self.c1, self.c2, self.d1, self.d2, self.d3], base[0::2], base[1::2]):
            layer.weight.data, layer.bias.data = weight.clone(), bias.clone()

    def forward(self, x):
        x1 = F.max_pool2d(F.relu(self.c1(x)), 2)
        x2 = F.max_pool2d(F.relu(self.c2(x1)), 2).flatten(1)
        x3 = F.relu(self.d1(x2))
        x4 = F.relu(self.d2(x3))
        return torch.cat([x.flatten(1), x1.flatten(1), x2, x3, x4], 1), self.d3(x4)


def frozen_features(script, x, batch):
    rows, logits = torch.empty(len(x), OFFSETS[-1]), torch.empty(len(x), CLASSES)
    for i in range(0, len(x), batch):
        rows[i:i + batch], logits[i:i + batch] = script(x[i:i + batch])
    return rows, logits


def eager(X, L, Y, A: List[torch.Tensor], B, orders, batches: List[int], sizes: List[int], rate: float):
    """One gather a step; five products forward, five updates in place."""
    for e in range(orders.size(0)):
        at = 0
        for n in batches:
            b = orders[e, at:at + n]
            at += n
            xs = torch.split_with_sizes(X.index_select(0, b), sizes, 1)
            z = torch.cat([torch.mm(A[0], xs[0].t()), torch.mm(A[1], xs[1].t()), torch.mm(A[2], xs[2].t()), torch.mm(A[3], xs[3].t()), torch.mm(A[4], xs[4].t())], 0)
            g = torch.softmax(torch.addmm(L.index_select(0, b), z.t(), B), 1).sub_(Y.index_select(0, b))
            gz = torch.mm(B, g.t())
            B.addmm_(z, g, alpha=-rate / n)
            for k in range(5):
                A[k].addmm_(gz[4 * k:4 * k + 4], xs[k], alpha=-rate / n)


def epoch(X, L, Y, A: List[torch.Tensor], B, orders, batches: List[int], sizes: List[int], rate: float):
    """One gather an epoch, the steps read views of it."""
    for e in range(orders.size(0)):
        order = orders[e]
        Xe, Le, Ye = X.index_select(0, order), L.index_select(0, order), Y.index_select(0, order)
        at = 0
        for n in batches:
            xs = torch.split_with_sizes(Xe[at:at + n], sizes, 1)
            z = torch.cat([torch.mm(A[0], xs[0].t()), torch.mm(A[1], xs[1].t()), torch.mm(A[2], xs[2].t()), torch.mm(A[3], xs[3].t()), torch.mm(A[4], xs[4].t())], 0)
            g = torch.softmax(torch.addmm(Le[at:at + n], z.t(), B), 1).sub_(Ye[at:at + n])
            gz = torch.mm(B, g.t())
            B.addmm_(z, g, alpha=-rate / n)
            for k in range(5):
                A[k].addmm_(gz[4 * k:4 * k + 4], xs[k], alpha=-rate / n)
            at += n


def tall(X, L, Y, A: List[torch.Tensor], B, orders, batches: List[int], sizes: List[int], rate: float):
    """As epoch, with samples along the rows: z is n x 20, A is kept N x 4."""
    T = [a.t().contiguous() for a in A]
    for e in range(orders.size(0)):
        order = orders[e]
        Xe, Le, Ye = X.index_select(0, order), L.index_select(0, order), Y.index_select(0, order)
        at = 0
        for n in batches:
            xs = torch.split_with_sizes(Xe[at:at + n], sizes, 1)
            z = torch.cat([torch.mm(xs[0], T[0]), torch.mm(xs[1], T[1]), torch.mm(xs[2], T[2]), torch.mm(xs[3], T[3]), torch.mm(xs[4], T[4])], 1)
            g = torch.softmax(torch.addmm(Le[at:at + n], z, B), 1).sub_(Ye[at:at + n])
            gz = torch.mm(g, B.t())
            B.addmm_(z.t(), g, alpha=-rate / n)
            for k in range(5):
                T[k].addmm_(xs[k].t(), gz[:, 4 * k:4 * k + 4], alpha=-rate / n)
            at += n
    for k in range(5):
        A[k].copy_(T[k].t())


def masked(X, L, Y, A: List[torch.Tensor], B, orders, batches: List[int], sizes: List[int], rate: float):
    """All A as one block matrix: one product forward; one product and a mask back."""
    D, M = torch.zeros(20, X.size(1)), torch.zeros(20, X.size(1))
    first = 0
    for k in range(5):
        D[4 * k:4 * k + 4, first:first + sizes[k]] = A[k]
        M[4 * k:4 * k + 4, first:first + sizes[k]] = 1
        first += sizes[k]
    for e in range(orders.size(0)):
        order = orders[e]
        Xe, Le, Ye = X.index_select(0, order), L.index_select(0, order), Y.index_select(0, order)
        at = 0
        for n in batches:
            x = Xe[at:at + n]
            z = torch.mm(D, x.t())
            g = torch.softmax(torch.addmm(Le[at:at + n], z.t(), B), 1).sub_(Ye[at:at + n])
            gz = torch.mm(B, g.t())
            B.addmm_(z, g, alpha=-rate / n)
            D.addcmul_(torch.mm(gz, x), M, value=-rate / n)
            at += n
    first = 0
    for k in range(5):
        A[k].copy_(D[4 * k:4 * k + 4, first:first + sizes[k]])
        first += sizes[k]


def adam(X, L, Y, A: List[torch.Tensor], B, orders, batches: List[int], sizes: List[int], rate: float):
    """As epoch, with Adam over all parameters as one vector whose parts are A and B."""
    count = B.numel()
    for k in range(5):
        count += A[k].numel()
    p, d, m, v = torch.empty(count), torch.empty(count), torch.zeros(count), torch.zeros(count)
    P: List[torch.Tensor] = []
    D: List[torch.Tensor] = []
    first = 0
    for k in range(5):
        size = A[k].numel()
        P.append(p[first:first + size].view(4, sizes[k]).copy_(A[k]))
        D.append(d[first:first + size].view(4, sizes[k]))
        first += size
    PB, DB = p[first:].view(20, 10).copy_(B), d[first:].view(20, 10)
    step = 0
    for e in range(orders.size(0)):
        order = orders[e]
        Xe, Le, Ye = X.index_select(0, order), L.index_select(0, order), Y.index_select(0, order)
        at = 0
        for n in batches:
            step += 1
            xs = torch.split_with_sizes(Xe[at:at + n], sizes, 1)
            z = torch.cat([torch.mm(P[0], xs[0].t()), torch.mm(P[1], xs[1].t()), torch.mm(P[2], xs[2].t()), torch.mm(P[3], xs[3].t()), torch.mm(P[4], xs[4].t())], 0)
            g = torch.softmax(torch.addmm(Le[at:at + n], z.t(), PB), 1).sub_(Ye[at:at + n]).div_(float(n))
            gz = torch.mm(PB, g.t())
            torch.mm(z, g, out=DB)
            for k in range(5):
                torch.mm(gz[4 * k:4 * k + 4], xs[k], out=D[k])
            m.lerp_(d, 0.1)
            v.mul_(0.999).addcmul_(d, d, value=0.001)
            root = v.sqrt().div_((1 - 0.999 ** step) ** 0.5).add_(1e-8)
            p.addcdiv_(m, root, value=-rate / (1 - 0.9 ** step))
            at += n
    for k in range(5):
        A[k].copy_(P[k])
    B.copy_(PB)


class Skip2:
    """A fill and a loop, both chosen by time."""

    needs_autograd = False
    warm_up, cost = 3, 1

    def __init__(self, task, loops, rate):
        self.task, self.loops, self.rate = task, loops, rate
        self.fill, self.loop = None, None
        example = task.x[:128]
        module = Frozen(task.base).eval()
        frozen = torch.jit.freeze(torch.jit.trace(module, example))
        optimized = torch.jit.optimize_for_inference(torch.jit.trace(module, example))
        self.fills = {}
        for batch in (64, 128, 256, 512, 1024):
            self.fills[f"eager fill {batch}"] = lambda batch=batch: features(task.base, task.x, batch)
            self.fills[f"frozen fill {batch}"] = lambda batch=batch: frozen_features(frozen, task.x, batch)
            self.fills[f"optimized fill {batch}"] = lambda batch=batch: frozen_features(optimized, task.x, batch)

    def candidates(self):
        """Functions to choose from, stage by stage; each stage's time is told by itself."""
        def use_fill(name):
            self.fill = name

        def use_loop(name):
            self.loop = name
        yield {name: fill for name, fill in self.fills.items()}, use_fill
        yield {name: (lambda name=name: self._train(name)) for name in self.loops}, use_loop

    @property
    def variant(self):
        return f"{self.loop}, {self.fill}"

    def run(self):
        return self._train(self.loop)

    def accuracy(self, parameters):
        A, B = parameters
        X, L = features(self.task.base, self.task.test_x, 512)
        z = torch.cat([X[:, OFFSETS[k]:OFFSETS[k + 1]] @ A[k].t() for k in range(5)], 1)
        return self.task.accuracy(L + z @ B)

    def start(self):
        self.A, self.B = [a.clone() for a in self.task.skip_down], torch.zeros(ROWS, CLASSES)

    def _train(self, loop):
        X, L = self.fills[self.fill]()
        Y = F.one_hot(self.task.y, CLASSES).float()
        self.loops[loop](X, L, Y, self.A, self.B, self.task.orders, self.task.batches, INPUTS, self.rate)
        return self.A, self.B


def skip2_sgd(task):
    loops = {"eager": eager, "eager epoch": epoch, "eager masked": masked}
    loops.update({f"TorchScript {f.__name__}": torch.jit.script(f) for f in (eager, epoch, tall, masked)})
    return Skip2(task, loops, task.rate)


def skip2_adam(task):
    return Skip2(task, {"eager adam": adam, "TorchScript adam": torch.jit.script(adam)}, task.adam_rate)
