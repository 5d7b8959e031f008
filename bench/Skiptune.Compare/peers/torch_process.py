"""The reference job as a whole process: images and labels in, adapter out, nothing else.

    torch_process.py IMAGES.gz LABELS.gz TASK_FOLDER OUT THREADS [script]

Hand-written Skip2-LoRA; with 'script' the loop goes through TorchScript, which has to compile it first.
"""
import gzip
import math
import sys

import torch

import skip2
from task import CLASSES, INPUTS, Task


def rotate(images, degrees):
    """Counter-clockwise about the centre, bilinear, zeros outside."""
    count, height, width = images.shape
    turn, centre = math.radians(degrees), (width - 1) / 2
    y, x = torch.meshgrid(torch.arange(height, dtype=torch.float64), torch.arange(width, dtype=torch.float64), indexing="ij")
    sx = centre + math.cos(turn) * (x - centre) - math.sin(turn) * (y - centre)
    sy = centre + math.sin(turn) * (x - centre) + math.cos(turn) * (y - centre)
    left, top = sx.floor(), sy.floor()
    source, rotated = images.view(count, -1), torch.zeros(count, height * width)
    for dy in (0, 1):
        for dx in (0, 1):
            xi, yi = (left + dx).long(), (top + dy).long()
            weight = (sx - left if dx else 1 - (sx - left)) * (sy - top if dy else 1 - (sy - top))
            inside = (xi >= 0) & (xi < width) & (yi >= 0) & (yi < height)
            weight = torch.where(inside, weight, torch.zeros((), dtype=torch.float64)).float().view(-1)
            index = torch.where(inside, yi * width + xi, torch.zeros((), dtype=torch.long)).view(-1)
            rotated += source[:, index] * weight
    return rotated.view(count, 1, height, width)


def main():
    images_path, labels_path, folder, out, threads = sys.argv[1:6]
    torch.set_num_threads(int(threads))
    with gzip.open(images_path) as file:
        images = torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8).view(-1, 28, 28).float().div_(255)
    with gzip.open(labels_path) as file:
        labels = torch.frombuffer(bytearray(file.read()[8:]), dtype=torch.uint8).long()
    # Base weights and settings; the samples come from the files above.
    task = Task(folder)
    loop = torch.jit.script(skip2.epoch) if "script" in sys.argv[6:] else skip2.epoch
    with torch.inference_mode():
        x = rotate(images, 75)
        A, B = [torch.empty(4, n).uniform_(-1 / math.sqrt(n), 1 / math.sqrt(n)) for n in INPUTS], torch.zeros(20, CLASSES)
        orders = torch.stack([torch.randperm(len(x)) for _ in range(10)])
        X, L = skip2.features(task.base, x, 512)
        loop(X, L, torch.nn.functional.one_hot(labels, CLASSES).float(), A, B, orders, task.batches, INPUTS, task.rate)
        with open(out, "wb") as file:
            for tensor in [*A, B]:
                file.write(tensor.numpy().tobytes())


main()
