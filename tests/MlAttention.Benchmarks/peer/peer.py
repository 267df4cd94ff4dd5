"""PyTorch's side of the comparison: the same small classifier, answering one JSON question a line on standard input.

{"do": "version"}                                     version, thread count and the speed of a 512x512 product in GFLOP/s
{"do": "product", "size": 256}                        milliseconds of a square matrix product
{"do": "train", "length": 128, "dropout": 0.1, "variable": false, "steps": 5, "warm": 2}
                                                      median milliseconds of a training step, batch 32
{"do": "score", "length": 128, "weights": "file"}     median milliseconds of one sequence on the fast path, and its logits
{"do": "memory"}                                      the process' peak resident memory in megabytes

Every answer is one JSON object on a line. "variable" draws the rows' lengths uniformly from [n/4, n].
"""
import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch
from torch import nn
from torch.nn import functional as F

VOCABULARY, WIDTH, HEADS, LAYERS, HIDDEN, CLASSES, BATCH = 5000, 64, 4, 2, 128, 4, 32


class Classifier(nn.Module):
    """Embedding times sqrt(width) plus learned positions, two post-norm encoder layers, mean over real tokens, linear head."""

    def __init__(self, length, dropout):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH, padding_idx=0)
        self.positions = nn.Embedding(length, WIDTH)
        # PyTorch's N(0, 1) times sqrt(width) would saturate every softmax and slow it down by subnormal weights.
        nn.init.normal_(self.embedding.weight, std=WIDTH**-0.5)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.dropout = nn.Dropout(dropout)
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, dropout, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, tokens, padding=None):
        x = self.embedding(tokens) * WIDTH**0.5 + self.positions.weight[: tokens.shape[1]]
        x = self.encoder(self.dropout(x), src_key_padding_mask=padding)
        if padding is None:
            return self.head(x.mean(1))
        real = (~padding).unsqueeze(-1).to(x.dtype)
        return self.head((x * real).sum(1) / real.sum(1))


def milliseconds(action, steps, warm):
    """The median time of an action."""
    times = []
    for step in range(steps + warm):
        start = time.perf_counter()
        action()
        if step >= warm:
            times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def product(question):
    a, b = torch.randn(question["size"], question["size"]), torch.randn(question["size"], question["size"])
    out = torch.empty_like(a)
    steps = max(20, int(2e9 / (2 * question["size"] ** 3)))
    return {"milliseconds": milliseconds(lambda: torch.mm(a, b, out=out), steps, 10)}


def version(_):
    # The best of a second or two: a processor that was idle or shared a moment ago tells nothing about the BLAS.
    best = min(product({"size": 512})["milliseconds"] for _ in range(15))
    return {"version": torch.__version__, "threads": torch.get_num_threads(), "speed": 2 * 512**3 / best / 1e6}


def train(question):
    torch.manual_seed(1)
    length = question["length"]
    model = Classifier(length, question["dropout"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    shortest = length // 4 if question["variable"] else length
    lengths = torch.linspace(shortest, length, BATCH).round().long()[torch.randperm(BATCH)]
    padding = torch.arange(length)[None] >= lengths[:, None]
    tokens = torch.randint(1, VOCABULARY, (BATCH, length)).masked_fill(padding, 0)
    labels = torch.randint(0, CLASSES, (BATCH,))

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(tokens, padding), labels)
        loss.backward()
        optimizer.step()
        loss.item()

    return {"milliseconds": milliseconds(step, question["steps"], question["warm"])}


def read_weights(path):
    """A safetensors file: the header's length, a JSON header with shapes and offsets, float32 values."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    read = lambda entry: torch.frombuffer(bytearray(data[slice(*entry["data_offsets"])]), dtype=torch.float32).reshape(entry["shape"])
    return {name: read(entry) for name, entry in header.items()}


def score(question):
    model = Classifier(question["length"], 0.1)
    model.load_state_dict(read_weights(question["weights"]))
    model.eval()
    tokens = torch.tensor([question["tokens"]])
    with torch.inference_mode():
        time_ = milliseconds(lambda: model(tokens), question["steps"], 20)
        return {"milliseconds": time_, "logits": model(tokens)[0].tolist()}


def memory(_):
    return {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    torch.set_num_threads(1)
    answers = {"version": version, "product": product, "train": train, "score": score, "memory": memory}
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(answers[question["do"]](question)), flush=True)
