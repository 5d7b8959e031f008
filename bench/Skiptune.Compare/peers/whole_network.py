"""LoRA-All and FT-All: training through the whole network, with autograd."""
from typing import List

import torch
import torch.nn.functional as F

from task import LORA, network


def full_loss(P: List[torch.Tensor], T: List[torch.Tensor], x, y):
    h = F.max_pool2d(F.relu(F.conv2d(x, T[0], T[1], padding=2)), 2)
    h = F.max_pool2d(F.relu(F.conv2d(h, T[2], T[3])), 2).flatten(1)
    h = F.relu(F.linear(h, T[4], T[5]))
    h = F.relu(F.linear(h, T[6], T[7]))
    return F.cross_entropy(F.linear(h, T[8], T[9]), y)


def merged_loss(P: List[torch.Tensor], T: List[torch.Tensor], x, y):
    """W + B A first, then one layer each. T: A and B of each layer in turn."""
    w0 = torch.addmm(P[0].view(6, -1), T[1], T[0].view(4, -1)).view_as(P[0])
    w1 = torch.addmm(P[2].view(16, -1), T[3], T[2].view(4, -1)).view_as(P[2])
    h = F.max_pool2d(F.relu(F.conv2d(x, w0, P[1], padding=2)), 2)
    h = F.max_pool2d(F.relu(F.conv2d(h, w1, P[3])), 2).flatten(1)
    h = F.relu(F.linear(h, torch.addmm(P[4], T[5], T[4]), P[5]))
    h = F.relu(F.linear(h, torch.addmm(P[6], T[7], T[6]), P[7]))
    return F.cross_entropy(F.linear(h, torch.addmm(P[8], T[9], T[8]), P[9]), y)


def plain_loss(P: List[torch.Tensor], T: List[torch.Tensor], x, y):
    """Each layer and its adapter side by side, as a LoRA layer is usually written."""
    h = F.conv2d(x, P[0], P[1], padding=2) + F.conv2d(F.conv2d(x, T[0], padding=2), T[1].view(6, 4, 1, 1))
    h = F.max_pool2d(F.relu(h), 2)
    h = F.conv2d(h, P[2], P[3]) + F.conv2d(F.conv2d(h, T[2]), T[3].view(16, 4, 1, 1))
    h = F.max_pool2d(F.relu(h), 2).flatten(1)
    h = F.relu(F.linear(h, P[4], P[5]) + F.linear(F.linear(h, T[4]), T[5]))
    h = F.relu(F.linear(h, P[6], P[7]) + F.linear(F.linear(h, T[6]), T[7]))
    return F.cross_entropy(F.linear(h, P[8], P[9]) + F.linear(F.linear(h, T[8]), T[9]), y)


class WholeNetwork:
    """A loss and a way to update, chosen by time."""

    needs_autograd = True
    warm_up, cost = 1, 3

    def __init__(self, task, loss, start, merge):
        self.task, self._start, self._merge = task, start, merge
        self.losses = {"eager": loss, "TorchScript": torch.jit.script(loss)}
        self.variant = None

    def candidates(self):
        def use(name):
            self.variant = name
        names = [f"{loss}, {update}" for loss in self.losses for update in ("optimizer", "foreach")]
        yield {name: (lambda name=name: self._train(name)) for name in names}, use

    def start(self):
        self.trained = [t.clone().requires_grad_() for t in self._start()]

    def run(self):
        return self._train(self.variant)

    def accuracy(self, trained):
        return self.task.accuracy(network(self._merge([t.detach() for t in trained]), self.task.test_x))

    def _train(self, variant):
        task, trained = self.task, self.trained
        name, update = variant.split(", ")
        loss = self.losses[name]
        optimizer = torch.optim.SGD(trained, lr=task.rate) if update == "optimizer" else None
        for order in task.orders:
            at = 0
            for n in task.batches:
                b = order[at:at + n]
                at += n
                value = loss(task.base, trained, task.x[b], task.y[b])
                if optimizer:
                    optimizer.zero_grad(set_to_none=True)
                    value.backward()
                    optimizer.step()
                else:
                    gradients = torch.autograd.grad(value, trained)
                    with torch.no_grad():
                        torch._foreach_add_(trained, gradients, alpha=-task.rate)
        return trained


def ft_all(task):
    return WholeNetwork(task, full_loss, lambda: task.base, lambda trained: trained)


def lora_all(task, loss):
    def start():
        return [t for k, (_, up) in enumerate(LORA) for t in (task.lora_down[k], torch.zeros(up))]

    def merge(trained):
        weights = list(task.base)
        for k in range(5):
            down, up = trained[2 * k], trained[2 * k + 1]
            weights[2 * k] = weights[2 * k] + (up @ down.reshape(4, -1)).view_as(weights[2 * k])
        return weights
    return WholeNetwork(task, loss, start, merge)
