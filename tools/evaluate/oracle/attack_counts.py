#!/usr/bin/env python3
"""Counts what attacks fool, in PyTorch: an implementation of its own of the attacks in src/engine/, in float64.

It shares with the engine the file format of networks and the random starts (a hash of seed and pixel, so that both start
from the same points), and nothing else: gradients come from autograd, and the Square attack draws its own numbers.

Usage: attack_counts.py NETWORK.safetensors MNIST_DIR [--images N] [--strongest EPSILON,...] > attackCounts.json
    MNIST_DIR holds t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte
Output: {"network", "sha256" of the file, "images", "clean": errors, "errors": {attack: {epsilon: errors}}}, all clipped to
[0, 1]. Needs Debian's python3-torch (1.13 or later) and numpy.
"""
import argparse
import hashlib
import json
import pathlib
import struct

import numpy as np
import torch

EPSILONS = (0.08, 0.1, 0.15, 0.2)
STEPS = 20
SEED = 1
ATTACK_START, ATTACK_RESTART = 5, 9  # the engine's streams of random numbers
RESTARTS, RESTART_STEPS, QUERIES = 5, 100, 1500
TARGET_STEPS = 50


def read_network(path):
    """Weights [units, inputs] and biases of each layer, hidden activation, and the settings that they come with."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    config = json.loads(header["__metadata__"]["config"])
    types = {"F16": np.float16, "F32": np.float32}
    layers = []
    while f"layers.{len(layers)}.weight" in header:
        pair = []
        for part in ("weight", "bias"):
            entry = header[f"layers.{len(layers)}.{part}"]
            first, last = (8 + length + at for at in entry["data_offsets"])
            values = np.frombuffer(data[first:last], types[entry["dtype"]]).reshape(entry["shape"])
            pair.append(torch.tensor(values.astype(np.float64)))
        layers.append(tuple(pair))
    activations = {"relu": torch.relu, "logistic": torch.sigmoid, "tanh": torch.tanh}
    assert config["loss"] == "bce", "written for sigmoid outputs with binary cross-entropy"
    return layers, activations[config["networkType"]], hashlib.sha256(data).hexdigest()


def read_idx(path):
    data = path.read_bytes()
    dimensions = data[3]
    shape = struct.unpack(f">{dimensions}I", data[4 : 4 + 4 * dimensions])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def mix(x):
    x = x.astype(np.uint32)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(stream, step, shape):
    """Uniform in [-1, 1), from the hash of seed, stream, step and position."""
    words = np.array([SEED, stream, step, 0], np.uint32)
    key = []
    for start in (1, 2):
        state = mix(np.array([start], np.uint32))
        for word in words:
            state = mix((state ^ word) + np.uint32(0x9E3779B9))
        key.append(state)
    hashes = mix(mix(np.arange(np.prod(shape), dtype=np.uint32) + key[0]) ^ key[1])
    return torch.tensor((hashes >> np.uint32(8)).astype(np.float64) / 0x800000 - 1).reshape(shape)


class Attacks:
    def __init__(self, layers, activation, x, y):
        self.layers, self.activation, self.x, self.y = layers, activation, x, y

    def logits(self, x):
        *hidden, (w, b) = self.layers
        for weight, bias in hidden:
            x = self.activation(x @ weight.T + bias)
        return x @ w.T + b

    def fooled(self, x, rows=slice(None)):
        return self.logits(x).argmax(1) != self.y[rows]

    def training_loss(self, logits, y):
        target = torch.nn.functional.one_hot(y, logits.shape[1]).to(logits)
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="sum")

    def margin_loss(self, logits, y):
        own = torch.nn.functional.one_hot(y, logits.shape[1]).bool()
        return (logits.masked_fill(own, -torch.inf).logsumexp(1) - logits[own]).sum()

    def sign(self, loss, x, classes):
        x = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(self.logits(x), classes), x)
        return gradient.sign()

    def project(self, x, epsilon, rows):
        clean = self.x[rows]
        return torch.clamp(torch.minimum(torch.maximum(x, clean - epsilon), clean + epsilon), 0, 1)

    def fgsm(self, epsilon):
        rows = slice(None)
        return self.project(self.x + epsilon * self.sign(self.training_loss, self.x, self.y), epsilon, rows)

    def ascend(self, loss, sizes, epsilon, start, rows=slice(None), targets=None):
        """Up the loss of the labels or, with targets, down the loss of these classes."""
        classes = self.y[rows] if targets is None else targets
        way = 1 if targets is None else -1
        x = self.project(self.x[rows] + epsilon * start[rows], epsilon, rows)
        for size in sizes:
            x = self.project(x + way * size * self.sign(loss, x, classes), epsilon, rows)
        return x

    def pgd(self, epsilon):
        start = uniform(ATTACK_START, 0, self.x.shape)
        return self.ascend(self.training_loss, [2.5 * epsilon / STEPS] * STEPS, epsilon, start)

    def margin_pgd(self, epsilon):
        return self.ascend(self.margin_loss, falling(epsilon, STEPS), epsilon, uniform(ATTACK_START, 0, self.x.shape))

    def strongest(self, epsilon):
        """Errors of the union: clean, FGSM, both PGDs, margin PGD with restarts and to each class, then Square."""
        lost = self.fooled(self.x)
        for attacked in (self.fgsm(epsilon), self.pgd(epsilon), self.margin_pgd(epsilon)):
            lost |= self.fooled(attacked)
        for restart in range(1, RESTARTS + 1):
            rows = (~lost).nonzero().flatten()
            start = uniform(ATTACK_RESTART, restart, self.x.shape)
            attacked = self.ascend(self.margin_loss, falling(epsilon, RESTART_STEPS), epsilon, start, rows)
            lost[rows] = self.fooled(attacked, rows)
        own = torch.nn.functional.one_hot(self.y, 10).bool()
        others = self.logits(self.x).masked_fill(own, -torch.inf).argsort(1, descending=True)
        for rank in range(9):
            rows = (~lost).nonzero().flatten()
            start = uniform(ATTACK_RESTART, RESTARTS + 1 + rank, self.x.shape)
            sizes = falling(epsilon, TARGET_STEPS)
            attacked = self.ascend(self.margin_loss, sizes, epsilon, start, rows, others[rows, rank])
            lost[rows] = self.fooled(attacked, rows)
        rows = (~lost).nonzero().flatten()
        lost[rows] = self.square(epsilon, rows)
        return lost

    def margins(self, x, rows):
        logits = self.logits(x)
        own = torch.nn.functional.one_hot(self.y[rows], logits.shape[1]).bool()
        return logits[own] - logits.masked_fill(own, -torch.inf).amax(1)

    def square(self, epsilon, rows):
        """Andriushchenko et al. 2020, algorithms 1 and 2, with random numbers of its own."""
        generator = torch.Generator().manual_seed(SEED)
        signs = lambda *shape: 2.0 * torch.randint(0, 2, shape, generator=generator).double() - 1
        side = int(self.x.shape[1] ** 0.5)
        clean = self.x[rows].reshape(-1, side, side)
        best = torch.clamp(clean + epsilon * signs(len(clean), 1, side), 0, 1)
        margins = self.margins(best.flatten(1), rows)
        halvings = [part / 10_000 for part in (10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000)]
        for query in range(1, QUERIES):
            share = 0.8 * 0.5 ** sum(query / QUERIES > part for part in halvings)
            width = max(1, round((share * side * side) ** 0.5))
            tried = best.clone()
            corners = torch.randint(0, side - width + 1, (len(clean), 2), generator=generator)
            change = epsilon * signs(len(clean))
            for i in (margins >= 0).nonzero().flatten().tolist():
                top, left = corners[i].tolist()
                patch = (slice(top, top + width), slice(left, left + width))
                tried[i][patch] = torch.clamp(clean[i][patch] + change[i], 0, 1)
            found = self.margins(tried.flatten(1), rows)
            better = (found < margins) & (margins >= 0)
            best[better], margins[better] = tried[better], found[better]
        return ~(margins >= 0)


def falling(epsilon, steps):
    return [2 * epsilon * (1 - k / steps) for k in range(steps)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", type=pathlib.Path)
    parser.add_argument("mnist", type=pathlib.Path)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--strongest", default="", help="epsilons, with commas")
    options = parser.parse_args()
    layers, activation, sha256 = read_network(options.network)
    images = read_idx(options.mnist / "t10k-images-idx3-ubyte")[: options.images]
    labels = read_idx(options.mnist / "t10k-labels-idx1-ubyte")[: options.images]
    # Pixels as the engine has them: float32 of level / 255.
    x = torch.tensor((images.reshape(len(images), -1).astype(np.float32) / np.float32(255)).astype(np.float64))
    attacks = Attacks(layers, activation, x, torch.tensor(labels.astype(np.int64)))
    kinds = {"fgsm": attacks.fgsm, "pgd": attacks.pgd, "margin-pgd": attacks.margin_pgd}
    errors = {
        kind: {str(epsilon): int(attacks.fooled(attack(epsilon)).sum()) for epsilon in EPSILONS}
        for kind, attack in kinds.items()
    }
    if options.strongest:
        epsilons = [float(text) for text in options.strongest.split(",")]
        errors["strongest"] = {str(epsilon): int(attacks.strongest(epsilon).sum()) for epsilon in epsilons}
    clean = int(attacks.fooled(x).sum())
    result = {"network": options.network.name, "sha256": sha256, "images": len(x), "clean": clean, "errors": errors}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
