"""The reference task as the command wrote it: raw little-endian arrays in a folder, and task.json."""
import json
import os
from functools import cached_property

import torch
import torch.nn.functional as F

INPUTS = [784, 1176, 400, 120, 84]  # flattened inputs of the five weight layers
OFFSETS = [0, 784, 1960, 2360, 2480, 2564]
SHAPES = [(6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), (120, 400), (120,), (84, 120), (84,), (10, 84), (10,)]
LORA = [((4, 1, 5, 5), (6, 4)), ((4, 6, 5, 5), (16, 4)), ((4, 400), (120, 4)), ((4, 120), (84, 4)), ((4, 84), (10, 4))]
CLASSES = 10
RANK = 4


class Task:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "task.json"), encoding="utf-8") as file:
            settings = json.load(file)
        self.rate, self.adam_rate, self.batches = settings["rate"], settings["adam_rate"], settings["batches"]
        self.base = [self.floats(f"base{i}").view(shape) for i, shape in enumerate(SHAPES)]

    @cached_property
    def x(self):
        return self.floats("train_x").view(-1, 1, 28, 28)

    @cached_property
    def y(self):
        return self.integers("train_y")

    @cached_property
    def test_x(self):
        return self.floats("test_x").view(-1, 1, 28, 28)

    @cached_property
    def test_y(self):
        return self.integers("test_y")

    @cached_property
    def orders(self):
        return self.integers("orders").view(-1, len(self.x))

    @cached_property
    def skip_down(self):
        return [self.floats(f"skip_a{k}").view(RANK, n) for k, n in enumerate(INPUTS)]

    @cached_property
    def lora_down(self):
        return [self.floats(f"lora_a{k}").view(shape[0]) for k, shape in enumerate(LORA)]

    def floats(self, name):
        return self._read(name, "f32", torch.float32)

    def integers(self, name):
        return self._read(name, "i32", torch.int32).long()

    def accuracy(self, logits):
        return (logits.argmax(1) == self.test_y).float().mean().item()

    def _read(self, name, ending, dtype):
        with open(os.path.join(self.folder, f"{name}.{ending}"), "rb") as file:
            return torch.frombuffer(bytearray(file.read()), dtype=dtype)


def network(weights, x):
    """The logits of the reference network."""
    h = F.max_pool2d(F.relu(F.conv2d(x, weights[0], weights[1], padding=2)), 2)
    h = F.max_pool2d(F.relu(F.conv2d(h, weights[2], weights[3])), 2).flatten(1)
    h = F.relu(F.linear(h, weights[4], weights[5]))
    h = F.relu(F.linear(h, weights[6], weights[7]))
    return F.linear(h, weights[8], weights[9])
