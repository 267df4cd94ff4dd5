#!/usr/bin/python3
"""Writes transformer_encoder.safetensors: weights, input and output of a torch.nn.TransformerEncoder, in the layout of
safetensors.torch.save_file (F32 tensors by name, compact JSON, padded with spaces to 8 bytes), which this file writes by itself.  Run:  /usr/bin/python3 make_golden_safetensors.py [outdir]   (torch 1.13)
"""
import json
import pathlib
import struct
import sys

import torch

WIDTH, HEADS, FEED_FORWARD, LAYERS, BATCH, LENGTH = 6, 2, 7, 2, 3, 5


def save(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name in sorted(tensors):
        values = tensors[name].detach().to(torch.float32).contiguous()
        raw = struct.pack(f"<{values.numel()}f", *values.flatten().tolist())
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


torch.manual_seed(20)
layer = torch.nn.TransformerEncoderLayer(WIDTH, HEADS, FEED_FORWARD, dropout=0, activation="gelu", batch_first=True, norm_first=True)
encoder = torch.nn.TransformerEncoder(layer, LAYERS, torch.nn.LayerNorm(WIDTH), enable_nested_tensor=False)
with torch.no_grad():
    for parameter in encoder.parameters():
        parameter.copy_(torch.randn_like(parameter) / 2)
x = torch.randn(BATCH, LENGTH, WIDTH)
real = torch.tensor([[1.0] * LENGTH, [1.0] * 3 + [0.0] * 2, [1.0] + [0.0] * 4])
output = encoder.double()(x.double(), src_key_padding_mask=real == 0) * real.unsqueeze(2)
tensors = {**encoder.state_dict(), "x": x, "real_tokens": real, "output": output}
save(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__.rpartition("/")[0] or ".") / "transformer_encoder.safetensors", tensors, {"format": "pt"})
