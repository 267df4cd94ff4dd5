#!/usr/bin/python3
"""Golden numbers of the decoder layer and the recurrent encoders.  Run:  /usr/bin/python3 make_golden_encoders.py [outdir]   (torch 1.13)

The conventions are those of make_golden.py: float64 maths, inputs and weights rounded to float32, True = blocked."""
import itertools, json, os, sys
import torch, torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
torch.set_num_threads(1); torch.set_default_dtype(torch.float64)


def as_json(x):
    x = x.detach()
    return {"shape": list(x.shape), "data": x.reshape(-1).tolist()}


def numbers(g, *shape, scale=1.0):
    return (torch.randn(*shape, generator=g) * scale).float().double()


def with_numbers(module, g, scale=0.4):
    for name, p in module.named_parameters():
        v = numbers(g, *p.shape, scale=scale)
        p.data = (v + 1.0).float().double() if "norm" in name and name.endswith("weight") else v
    return module


def save(name, about, cases):
    with open(os.path.join(OUT, name), "w") as f:
        json.dump({"meta": {"torch": torch.__version__, "about": about}, "cases": cases}, f, separators=(",", ":"))
        f.write("\n")


def params(m): return {k: as_json(v) for k, v in m.named_parameters()}


def grads(m): return {k: as_json(v.grad) for k, v in m.named_parameters()}


def decoder_layer():
    cases = []
    B, L, S, D, H, F = 2, 5, 3, 6, 2, 7
    padding = torch.tensor([[False] * 5, [False, False, False, True, True]])
    memory_padding = torch.tensor([[False] * 3, [False, True, True]])
    causal = torch.triu(torch.ones(L, L, dtype=torch.bool), 1)
    for i, (act, pre) in enumerate(itertools.product(("relu", "gelu"), (False, True))):
        g = torch.Generator().manual_seed(5000 + i)
        m = with_numbers(nn.TransformerDecoderLayer(D, H, F, 0.0, act, batch_first=True, norm_first=pre), g).train()
        x, memory, G = numbers(g, B, L, D).requires_grad_(), numbers(g, B, S, D).requires_grad_(), numbers(g, B, L, D)
        y = m(x, memory, tgt_mask=causal, tgt_key_padding_mask=padding, memory_key_padding_mask=memory_padding)
        (y * G).sum().backward()
        cases.append(dict(name=f"{act}_{'pre' if pre else 'post'}norm", config=dict(D=D, H=H, F=F, activation=act, norm_first=pre),
                          x=as_json(x), memory=as_json(memory), G=as_json(G), key_padding_mask=as_json(padding), memory_key_padding_mask=as_json(memory_padding),
                          params=params(m), output=as_json(y), grad_x=as_json(x.grad), grad_memory=as_json(memory.grad), grads=grads(m)))
    save("decoder_layer.json", "torch.nn.TransformerDecoderLayer with a causal mask and padding on both sides", cases)


def recurrent():
    cases = []
    B, L, D = 3, 5, 6
    lengths = torch.tensor([5, 2, 1])
    for i, (kind, both) in enumerate(itertools.product(("lstm", "gru"), (False, True))):
        g = torch.Generator().manual_seed(6000 + i)
        m = with_numbers((nn.LSTM if kind == "lstm" else nn.GRU)(D, D // 2 if both else D, 2, batch_first=True, bidirectional=both), g)
        x, G = numbers(g, B, L, D).requires_grad_(), numbers(g, B, L, D)
        y, _ = pad_packed_sequence(m(pack_padded_sequence(x, lengths, batch_first=True))[0], batch_first=True, total_length=L)
        (y * G).sum().backward()
        cases.append(dict(name=f"{kind}_{'both' if both else 'one'}", config=dict(D=D, layers=2, bidirectional=both), lengths=lengths.tolist(),
                          x=as_json(x), G=as_json(G), params=params(m), output=as_json(y), grad_x=as_json(x.grad), grads=grads(m)))
    save("recurrent.json", "torch.nn.LSTM and GRU over packed sequences; the output is zero at padding", cases)


for f in (decoder_layer, recurrent): f()
