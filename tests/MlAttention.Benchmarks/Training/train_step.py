"""PyTorch's side of the training benchmark: one training step of the same small classifier.

Reads lines "length dropout steps" and answers each with the median wall and CPU milliseconds of a step. One thread.
The first line tells the speed of a matrix product: below 80 GFLOP/s libtorch runs on a slow BLAS and no ratio means anything.
"""
import ctypes
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

VOCABULARY, WIDTH, HEADS, LAYERS, HIDDEN, CLASSES, BATCH = 5000, 64, 4, 2, 128, 4, 32


class Classifier(nn.Module):
    def __init__(self, length, dropout):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH, padding_idx=0)
        self.positions = nn.Parameter(torch.randn(1, length, WIDTH) * 0.02)
        self.dropout = nn.Dropout(dropout)
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, dropout, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, tokens, padding):
        x = self.dropout(self.embedding(tokens) + self.positions)
        x = self.encoder(x, src_key_padding_mask=padding)
        real = (~padding).unsqueeze(-1).to(x.dtype)
        return self.head((x * real).sum(1) / real.sum(1))


def gemm_speed():
    a = torch.randn(512, 512)
    best = 0
    for _ in range(20):
        start = time.thread_time()
        a @ a
        best = max(best, 2 * 512**3 / (time.thread_time() - start) / 1e9)
    return best


def measure(length, dropout, steps):
    torch.manual_seed(1)
    model = Classifier(length, dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    tokens = torch.randint(1, VOCABULARY, (BATCH, length))
    padding = torch.zeros(BATCH, length, dtype=torch.bool)
    labels = torch.randint(0, CLASSES, (BATCH,))
    walls, cpus = [], []
    for _ in range(steps + 3):
        wall, cpu = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        loss = F.cross_entropy(model(tokens, padding), labels)
        loss.backward()
        optimizer.step()
        loss.item()
        walls.append(1e3 * (time.perf_counter() - wall))
        cpus.append(1e3 * (time.process_time() - cpu))
    return statistics.median(walls[3:]), statistics.median(cpus[3:])


if __name__ == "__main__":
    libc = ctypes.CDLL("libc.so.6")
    libc.mallopt(-3, 1 << 30)
    libc.mallopt(-1, 1 << 30)
    torch.set_num_threads(1)
    print(f"{gemm_speed():.1f} {torch.__version__}", flush=True)
    for line in sys.stdin:
        length, dropout, steps = line.split()
        print("%.4f %.4f" % measure(int(length), float(dropout), int(steps)), flush=True)
