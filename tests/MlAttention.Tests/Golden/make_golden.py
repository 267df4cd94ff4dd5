#!/usr/bin/env python3
"""Golden numbers for attention layers.  Run:  python3 make_golden.py [outdir]   (Debian torch 1.13, numpy; CPU, <10 s)

Every tensor is {"shape":[...],"data":[row-major flat]}.  All maths is done in float64; every INPUT and WEIGHT was first
rounded to float32, so a float32 implementation starts from bit-identical numbers and should agree to 1e-5 (abs) or better.
Gradients are of  loss = sum(output * G)  with the stored G unless a case says otherwise.
Mask convention (PyTorch): boolean True = NOT allowed to attend / padding; float masks are added to the scaled scores.
Linear layers are stored as PyTorch does: y = x W^T + b, W of shape (out, in); in_proj_weight stacks q,k,v along dim 0."""
import json, math, os, sys, itertools
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
torch.set_num_threads(1); torch.set_default_dtype(torch.float64); torch.use_deterministic_algorithms(True)
INF = float("inf")

def T(x):                                   # tensor -> json (NaN/inf as strings)
    a = x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)
    f = lambda v: bool(v) if a.dtype == bool else (int(v) if np.issubdtype(a.dtype, np.integer) else (float(v) if math.isfinite(v) else repr(float(v))))
    return {"shape": list(a.shape), "data": [f(v) for v in a.reshape(-1)]}
def rnd(g, *shape, scale=1.0): return (torch.randn(*shape, generator=g) * scale).float().double()
def gen(seed): return torch.Generator().manual_seed(seed)
def save(name, obj):
    with open(os.path.join(OUT, name), "w") as f: json.dump(obj, f, indent=None, separators=(",", ":"), allow_nan=False)
    print(f"{name:28s} {os.path.getsize(os.path.join(OUT,name))//1024:5d} KB  {len(obj.get('cases', []))} cases")
def causal(L): return torch.triu(torch.ones(L, L, dtype=torch.bool), 1)
def init(m, g, scale=0.4):                  # random values for EVERY parameter (biases and LayerNorm too)
    for n, p in m.named_parameters():
        v = rnd(g, *p.shape, scale=scale)
        p.data = (v + 1.0).float().double() if ("norm" in n and n.endswith("weight")) else v
    return m
def sdpa(q, k, v, bias=None):
    s = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if bias is not None: s = s + bias
    a = s.softmax(-1); return a @ v, a, s

# ---------------------------------------------------------------- 1 softmax / masks, checkable by hand
def softmax_mask():
    ln = math.log; c = []
    c.append(dict(name="ln", scores=[0, ln(2), ln(4)], softmax=[1/7, 2/7, 4/7], note="exact sevenths"))
    c.append(dict(name="shift_invariance", scores=[1000.0, 1001.0, 1002.0], softmax=list(map(float, torch.softmax(torch.tensor([0., 1., 2.]), 0))), note="naive exp overflows; subtract the row maximum"))
    c.append(dict(name="last_masked", scores=[0, ln(3), ln(4)], mask=[False, False, True], softmax=[1/4, 3/4, 0.0]))
    S = [[0, ln(2), ln(4)]] * 3
    c.append(dict(name="causal_3x3", scores=S, mask=causal(3).tolist(), softmax=[[1, 0, 0], [1/3, 2/3, 0], [1/7, 2/7, 4/7]]))
    c.append(dict(name="values", scores=S, mask=causal(3).tolist(), V=[[7, 0], [0, 7], [21, 21]], output=[[7, 0], [7/3, 14/3], [13, 14]], note="rows: 7*[1,0]; (7,14)/3; (7+84)/7=13, (14+84)/7=14"))
    c.append(dict(name="fully_masked_row", scores=[0, 0, 0], mask=[True, True, True], softmax=["nan", "nan", "nan"], note="PyTorch returns NaN for a row of -inf; a robust layer should return zeros (or never produce such a row: an empty text must keep one token)"))
    c.append(dict(name="minus_1e9_instead_of_inf", scores=[0, 0, 0], mask=[True, True, True], additive=-1e9, softmax=[1/3, 1/3, 1/3], note="finite mask value silently attends UNIFORMLY TO PADDING in a fully masked row"))
    for x in c:
        if "V" in x or "additive" in x or x["name"] == "fully_masked_row": continue
        s = torch.tensor(x["scores"], dtype=torch.float64)
        if "mask" in x: s = s.masked_fill(torch.tensor(x["mask"]), -INF)
        assert torch.allclose(s.softmax(-1), torch.tensor(x["softmax"], dtype=torch.float64), atol=1e-12), x["name"]
    x = torch.tensor([-3., -1., -0.5, 0., 0.5, 1., 3.])
    ex = dict(x=T(x), gelu_erf=T(F.gelu(x)), gelu_tanh=T(F.gelu(x, approximate="tanh")), relu=T(F.relu(x)), note="PyTorch/TorchSharp default gelu is the erf form; they differ by up to ~5e-4, far above 1e-5")
    lx = torch.tensor([[1., 2., 3., 4.], [2., 2., 2., 2.]]); w = torch.tensor([1., 2., 0.5, -1.]); b = torch.tensor([0., 1., 0., -1.])
    ln_ = dict(x=T(lx), weight=T(w), bias=T(b), eps=1e-5, plain=T(F.layer_norm(lx, (4,), eps=1e-5)), affine=T(F.layer_norm(lx, (4,), w, b, 1e-5)), note="biased variance (divide by d); constant row -> zeros")
    lo = torch.tensor([[2., 0., -1.], [0., 0., 0.]]); y = torch.tensor([0, 2])
    ce = dict(logits=T(lo), target=[0, 2], mean_ce=float(F.cross_entropy(lo, y)), per_row=T(F.cross_entropy(lo, y, reduction="none")), label_smoothing_0_1=float(F.cross_entropy(lo, y, label_smoothing=0.1)), note="row 2 = ln 3")
    save("softmax_mask.json", dict(meta=dict(about="hand-checkable softmax, masks, gelu, layernorm, cross entropy"), cases=c, gelu=ex, layernorm=ln_, cross_entropy=ce))

# ---------------------------------------------------------------- 2 exercises of Deep-ML (inputs re-created, outputs computed here)
def deep_ml():
    def qkv(X, a, b, c): return X @ a, X @ b, X @ c
    def mh(Q, K, V, h, mask=None):
        d = Q.shape[1] // h; o = []
        for i in range(h):
            s = slice(i*d, (i+1)*d); sc = Q[:, s] @ K[:, s].T / math.sqrt(d)
            if mask is not None: sc = sc + mask
            a = np.exp(sc - sc.max(1, keepdims=True)); o.append(a / a.sum(1, keepdims=True) @ V[:, s])
        return np.concatenate(o, 1)
    I = np.eye(2); W = np.array([[1., 2], [3, 4]]); c = []
    W3 = np.array([[1., 1, 0], [0, 1, 1], [1, 0, 1]])
    p53 = [(I, I, I, W, [[1.660477, 2.660477], [2.339523, 3.339523]]),
           (np.array([[1., 1], [1, 0]]), I, I, W, [[3.00928465, 4.6790462], [2.5, 4.0]]),
           (np.array([[1., 0, 1], [0, 1, 1], [1, 1, 0]]), W3, W3, np.arange(1., 10).reshape(3, 3), [[8.0, 10.0, 12.0], [8.61987385, 10.61987385, 12.61987385], [7.38012615, 9.38012615, 11.38012615]])]
    for n, (X, a, b, v, pub) in enumerate(p53):
        Q, K, V = qkv(X, a, b, v); o = mh(Q, K, V, 1); assert np.allclose(o, pub, atol=5e-7), (n, o)
        c.append(dict(name=f"53_self_attention_{n+1}", X=T(X), W_q=T(a), W_k=T(b), W_v=T(v), n_heads=1, published=pub, output=T(o)))
    def rs(m, n):
        np.random.seed(42); X = np.random.permutation(np.arange(m*n).reshape(m, n).flatten()).reshape(m, n)
        return [z.astype(float) for z in (X, np.random.randint(0, 4, size=(n, n)), np.random.randint(0, 5, size=(n, n)), np.random.randint(0, 6, size=(n, n)))]
    r8 = [500, 463, 399, 495, 377, 450, 531, 362]; r2 = [547, 490, 399, 495, 377, 450, 531, 362]
    for nm, m, n, h, pub in [("94_multi_head_1", 4, 4, 2, [[103, 109, 46, 99]]*4), ("94_multi_head_2", 6, 8, 4, [r8]*6), ("94_multi_head_3", 6, 8, 2, [r2]*6)]:
        X, a, b, v = rs(m, n); Q, K, V = qkv(X, a, b, v); o = mh(Q, K, V, h); ok = bool(np.allclose(o, pub, atol=1e-6)); 
        c.append(dict(name=nm, X=T(X), W_q=T(a), W_k=T(b), W_v=T(v), n_heads=h, published=pub, output=T(o), published_matches=ok, max_abs_diff_to_published=float(np.abs(o-np.array(pub)).max()), note="no output projection; scores are in the thousands: needs a max-subtracted softmax"))
    o = mh(I, I, I, 2); s = 1/(1+math.exp(-1)); assert np.allclose(o, [[s, .5], [.5, s]])
    c.append(dict(name="94_description_example", Q=T(I), K=T(I), V=T(I), n_heads=2, published=[[1., 0.], [0., 1.]], output=T(o), published_matches=False, note="the example printed in the exercise text ([[1,0],[0,1]]) is WRONG for its own reference solution: head dim 1, scores [[1,0],[0,0]] -> [[sigmoid(1),0.5],[0.5,sigmoid(1)]]"))
    for nm, m, n, pub in [("107_masked_1", 6, 8, [[547,490,399,495,485,439,645,393]]*2+[[471,472,429,538,377,450,531,362]]*4), ("107_masked_2", 4, 4, [[52,63,48,71]]+[[103,109,46,99]]*3)]:
        X, a, b, v = rs(m, n); Q, K, V = qkv(X, a, b, v); o = mh(Q, K, V, 1, np.triu(np.full((m, m), -np.inf), 1)); 
        c.append(dict(name=nm, X=T(X), W_q=T(a), W_k=T(b), W_v=T(v), n_heads=1, causal=True, published=pub, output=T(o), published_matches=bool(np.allclose(o, pub, atol=1e-6)), max_abs_diff_to_published=float(np.abs(o-np.array(pub)).max())))
    pe = lambda L, d: np.array([[math.sin(p/10000**(2*(i//2)/d)) if i % 2 == 0 else math.cos(p/10000**(2*(i//2)/d)) for i in range(d)] for p in range(L)])
    c.append(dict(name="85_positional_encoding_2x8", position=2, d_model=8, output=T(pe(2, 8)), published_float16=[[0,1,0,1,0,1,0,1],[.8413,.5405,.09985,.995,.01,1.,.001,1.]], note="published values are float16 (0.5405 for cos 1 = 0.540302): compare at 1e-3"))
    c.append(dict(name="85_positional_encoding_5x16", position=5, d_model=16, output=T(pe(5, 16))))
    save("deep_ml.json", dict(meta=dict(source="github.com/Open-Deep-ML/DML-OpenProblem commit 04708b485a051316c25b91e4cb9a2ada0ccf7fbf, questions/53,94,107,85 (tests.json, example.json)", licence="Educational Use Only License v1.0: do not copy their text or code; the numbers here were recomputed"), cases=c))

# ---------------------------------------------------------------- 3 sinusoidal
def sinus():
    def pe(L, d, base=10000.0): 
        p = torch.arange(L).double()[:, None]; w = base ** (-torch.arange(0, d, 2).double() / d); a = p * w
        return torch.stack([a.sin(), a.cos()], -1).reshape(L, d), torch.cat([a.sin(), a.cos()], -1), w
    c = []
    for L, d in [(6, 4), (10, 8), (5, 16), (3, 2)]:
        i, h, w = pe(L, d); c.append(dict(name=f"L{L}_d{d}", L=L, d=d, base=10000, inv_freq=T(w), interleaved=T(i), halves=T(h)))
    i, _, w = pe(101, 8); rows = [0, 1, 50, 99, 100]; c.append(dict(name="far_rows_d8", rows=rows, d=8, interleaved=T(i[rows])))
    k = 3; R = torch.zeros(8, 8)
    for j in range(4):
        s, co = math.sin(k*w[j]), math.cos(k*w[j]); R[2*j, 2*j] = co; R[2*j, 2*j+1] = s; R[2*j+1, 2*j] = -s; R[2*j+1, 2*j+1] = co
    assert torch.allclose(i[3:] , i[:-3] @ R.T)
    c.append(dict(name="shift_is_linear_k3_d8", k=k, M=T(R), note="PE(p+3) = M PE(p) for every p (Vaswani 2017 sec 3.5)"))
    save("sinusoidal_pe.json", dict(meta=dict(about="PE(p,2i)=sin(p/10000^(2i/d)), PE(p,2i+1)=cos(same); 'interleaved' is the paper, 'halves' is the tensor2tensor layout [sin|cos]"), cases=c))

# ---------------------------------------------------------------- helpers for positional attention
def proj_params(g, E): return {n: rnd(g, *( (E, E) if n[0] == "W" else (E,)), scale=.4).requires_grad_() for n in ("Wq", "bq", "Wk", "bk", "Wv", "bv", "Wo", "bo")}
def split(x, H): B, L, E = x.shape; return x.reshape(B, L, H, E//H).transpose(1, 2)
def merge(x): B, H, L, d = x.shape; return x.transpose(1, 2).reshape(B, L, H*d)
def run_case(name, g, B, L, E, H, core, extra=None, key_pad=None, causal_=False, note=None, cfg=None):
    P = proj_params(g, E); X = rnd(g, B, L, E).requires_grad_(); G = rnd(g, B, L, E); extra = {k: v.requires_grad_() for k, v in (extra or {}).items()}
    bias = torch.zeros(B, 1, L, L)
    if key_pad is not None: bias = bias.masked_fill(key_pad[:, None, None, :], -INF)
    if causal_: bias = bias.masked_fill(causal(L), -INF)
    q, k, v = (split(X @ P["W"+n].T + P["b"+n], H) for n in "qkv")
    o, a, s = core(q, k, v, bias, extra); y = merge(o) @ P["Wo"].T + P["bo"]; loss = (y*G).sum(); loss.backward()
    return dict(name=name, config=dict(B=B, L=L, E=E, H=H, causal=causal_, **(cfg or {})), note=note, X=T(X), G=T(G), key_padding_mask=None if key_pad is None else T(key_pad),
        params={k2: T(v2) for k2, v2 in {**P, **extra}.items()}, output=T(y), attention=T(a), loss=float(loss), grad_X=T(X.grad), grads={k2: T(v2.grad) for k2, v2 in {**P, **extra}.items()})
PAD = torch.tensor([[0, 0, 0, 0, 0], [0, 0, 0, 1, 1]]).bool()

def shaw():
    c = []
    def core(use_v):
        def f(q, k, v, bias, ex):
            L = q.shape[2]; K = (ex["aK"].shape[0]-1)//2; idx = (torch.arange(L)[None, :] - torch.arange(L)[:, None]).clamp(-K, K) + K   # j - i
            aK = ex["aK"][idx]; s = (q @ k.transpose(-1, -2) + torch.einsum("bhid,ijd->bhij", q, aK)) / math.sqrt(q.shape[-1]) + bias
            a = s.softmax(-1); o = a @ v
            if use_v: o = o + torch.einsum("bhij,ijd->bhid", a, ex["aV"][idx])
            return o, a, s
        return f
    for nm, seed, use_v, pad, cz in [("keys_and_values", 11, True, None, False), ("keys_only", 12, False, None, False), ("padding", 13, True, PAD, False), ("causal", 14, True, None, True)]:
        g = gen(seed); k = 2; ex = dict(aK=rnd(g, 2*k+1, 4, scale=.5)); 
        if use_v: ex["aV"] = rnd(g, 2*k+1, 4, scale=.5)
        c.append(run_case(nm, g, 2, 5, 8, 2, core(use_v), ex, pad, cz, cfg=dict(k=k), note="row r of aK/aV is relative distance j-i = r-k, clipped to [-k,k]; tables shared by the heads"))
    # by hand: L=2, d=1, q=k=0 => uniform attention unless aK acts
    q = torch.ones(1, 1, 2, 1); z = torch.zeros(1, 1, 2, 1); v = torch.tensor([[[[1.], [3.]]]]); ex = dict(aK=torch.tensor([[0.], [0.], [math.log(3)]]), aV=torch.tensor([[10.], [0.], [20.]]))
    o, a, s = core(True)(q, z, v, torch.zeros(1, 1, 2, 2), ex)
    assert torch.allclose(a[0, 0], torch.tensor([[.25, .75], [.5, .5]])) and torch.allclose(o[0, 0, :, 0], torch.tensor([.25*1+.75*23, .5*11+.5*3]))
    c.append(dict(name="by_hand_L2_d1_k1", q=[1, 1], k=[0, 0], v=[1, 3], aK=[0, 0, math.log(3)], aV=[10, 0, 20], attention=[[.25, .75], [.5, .5]], output=[17.5, 7.0], note="row 0: scores (0, ln3); row 1: (0, 0)"))
    g = gen(15); ex = dict(aK=torch.zeros(5, 4), aV=torch.zeros(5, 4)); c.append(run_case("zero_tables_equal_plain_attention", g, 1, 4, 8, 2, core(True), ex, cfg=dict(k=2), note="with zero tables the layer must equal plain attention (also permutation-equivariant)"))
    save("shaw_relative.json", dict(meta=dict(paper="Shaw, Uszkoreit, Vaswani 2018, eqs 3-4"), cases=c))

def rope_rot(x, pos, base=10000.0, style="interleaved"):
    d = x.shape[-1]; w = base ** (-torch.arange(0, d, 2).double()/d); a = pos.double()[:, None]*w; co, si = a.cos(), a.sin()
    if style == "interleaved":
        x1, x2 = x[..., 0::2], x[..., 1::2]; return torch.stack([x1*co - x2*si, x1*si + x2*co], -1).flatten(-2)
    h = d//2; x1, x2 = x[..., :h], x[..., h:]; return torch.cat([x1*co - x2*si, x1*si + x2*co], -1)
def rope():
    c = []
    x = torch.tensor([1., 0., 1., 0.]); 
    for st in ("interleaved", "halves"):
        xx = x if st == "interleaved" else torch.tensor([1., 1., 0., 0.])
        c.append(dict(name=f"unit_{st}", style=st, x=T(xx), positions=[0, 1, 2, 3], rotated=T(torch.stack([rope_rot(xx[None], torch.tensor([p]), style=st)[0] for p in range(4)])), note="angles p*1 and p*0.01: (cos p, sin p, cos p/100, sin p/100) in the pair layout"))
    for st in ("interleaved", "halves"):
        g = gen(21); q, k = rnd(g, 4), rnd(g, 4); M = torch.tensor([[float(rope_rot(q[None], torch.tensor([m]), style=st)[0] @ rope_rot(k[None], torch.tensor([n]), style=st)[0]) for n in range(5)] for m in range(5)])
        assert all(abs(M[m, n] - M[m+1, n+1]) < 1e-12 for m in range(4) for n in range(4))
        c.append(dict(name=f"relative_{st}", style=st, q=T(q), k=T(k), dot=T(M), note="dot[m][n] depends on n-m only (Toeplitz)"))
        def core(q, k, v, bias, ex, st=st):
            p = torch.arange(q.shape[2]); return sdpa(rope_rot(q, p, style=st), rope_rot(k, p, style=st), v, bias)
        for nm, pad, cz, seed in [("full", None, False, 22), ("padding", PAD, False, 23), ("causal", None, True, 24)]:
            c.append(run_case(f"{nm}_{st}", gen(seed), 2, 5, 8, 2, core, None, pad, cz, cfg=dict(style=st, base=10000), note="rotate q and k per head (head dim 4) after projection; v is not rotated"))
    save("rope.json", dict(meta=dict(paper="Su et al. 2021; 'interleaved' pairs (0,1),(2,3).. as in RoFormer, 'halves' pairs (i, i+d/2) as in GPT-NeoX/LLaMA. The two differ by a permutation of Wq/Wk rows: pick one and test that one"), cases=c))

def slopes(n):
    f = lambda n: [2.0 ** (-8.0*(i+1)/n) for i in range(n)]
    if math.log2(n).is_integer(): return f(n)
    m = 2 ** math.floor(math.log2(n)); return f(m) + f(2*m)[0::2][:n-m]
def alibi():
    c = [dict(name=f"slopes_{n}", n_heads=n, slopes=slopes(n)) for n in (1, 2, 3, 4, 6, 8, 12, 16)]
    assert slopes(8) == [2.0**-(i+1) for i in range(8)]
    L = 4; d = torch.arange(L)[None, :] - torch.arange(L)[:, None]
    c.append(dict(name="bias_causal_h8_head0", slope=.5, bias=[[0, None, None, None], [-.5, 0, None, None], [-1, -.5, 0, None], [-1.5, -1, -.5, 0]], note="None = -inf; value -m*(i-j)"))
    c.append(dict(name="bias_symmetric_h8_head0", slope=.5, bias=T(-.5*d.abs().double()), note="-m*|i-j|: an encoder with this bias is NOT permutation-equivariant but IS reversal-symmetric: text and reversed text pool to the same vector"))
    def core(sym):
        def f(q, k, v, bias, ex):
            L = q.shape[2]; d = (torch.arange(L)[None, :] - torch.arange(L)[:, None]).double(); m = torch.tensor(slopes(q.shape[1]))[None, :, None, None]
            return sdpa(q, k, v, bias - m*(d.abs() if sym else -d.clamp(max=0)))
        return f
    for nm, seed, sym, pad, cz in [("encoder_symmetric", 31, True, None, False), ("encoder_symmetric_padding", 32, True, PAD, False), ("decoder_causal", 33, False, None, True)]:
        c.append(run_case(nm, gen(seed), 2, 5, 8, 2, core(sym), None, pad, cz, cfg=dict(slopes=slopes(2))))
    g = gen(34); P = proj_params(g, 8); X = rnd(g, 1, 5, 8)
    def enc(X, sym):
        q, k, v = (split(X @ P["W"+n].T + P["b"+n], 2) for n in "qkv"); o, _, _ = core(sym)(q, k, v, torch.zeros(1, 1, 5, 5), {}); return (merge(o) @ P["Wo"].T + P["bo"]).mean(1)
    sw = X[:, [0, 2, 1, 3, 4]]; a, b, d2 = enc(X, True), enc(X.flip(1), True), enc(sw, True); assert torch.allclose(a, b, atol=1e-12) and (a-d2).abs().max() > 1e-3
    c.append(dict(name="reversal_symmetry", X=T(X), slopes=slopes(2), params={k2: T(v2) for k2, v2 in P.items()}, pooled=T(a), pooled_reversed=T(b), pooled_swap_1_2=T(d2), note="symmetric ALiBi + mean pooling: reversed text gives the SAME vector (swap of two inner tokens does not). Direction needs a causal/one-sided bias, per-side slopes, a CLS token, or another scheme"))
    save("alibi.json", dict(meta=dict(paper="Press, Smith, Lewis 2022: geometric slopes 2^(-8/n)..2^-8; non-powers of two as in the authors' code; bias is added AFTER the 1/sqrt(d) scaling"), cases=c))

# ---------------------------------------------------------------- nn.MultiheadAttention
def np_mha(X, sd, H, bias):               # independent numpy re-implementation used as a self check
    E = X.shape[-1]; W, b = sd["in_proj_weight"].numpy(), sd["in_proj_bias"].numpy(); o = np.zeros_like(X)
    q, k, v = (X @ W[i*E:(i+1)*E].T + b[i*E:(i+1)*E] for i in range(3)); d = E//H
    for bi in range(X.shape[0]):
        for h in range(H):
            s = slice(h*d, (h+1)*d); sc = q[bi, :, s] @ k[bi, :, s].T/math.sqrt(d) + bias[bi]; a = np.exp(sc - sc.max(1, keepdims=True)); o[bi, :, s] = a/a.sum(1, keepdims=True) @ v[bi, :, s]
    return o @ sd["out_proj.weight"].numpy().T + sd["out_proj.bias"].numpy()
def mha():
    c = []; L = 5
    masks = {"none": (None, None), "key_padding": (PAD, None), "causal_bool": (None, causal(L)), "causal_float": (None, torch.zeros(L, L).masked_fill(causal(L), -INF)), "padding_and_causal": (PAD, causal(L)), "float_bias": (None, "rand")}
    for (E, H), (mn, (kp, am)) in itertools.product([(4, 1), (8, 2), (8, 4)], masks.items()):
        seed = 1000 + E*10 + H + 100*list(masks).index(mn); g = gen(seed); m = init(nn.MultiheadAttention(E, H, dropout=0.0, batch_first=True), g).train()
        X = rnd(g, 2, L, E).requires_grad_(); G = rnd(g, 2, L, E); am2 = rnd(g, L, L) if isinstance(am, str) else am
        am_use, kp_use = am2, kp           # NEVER a float key_padding_mask together with a float attn_mask: torch 1.13 silently merges them wrongly (the assert below caught it)
        y, a = m(X, X, X, key_padding_mask=kp_use, attn_mask=am_use, need_weights=True, average_attn_weights=False); (y*G).sum().backward()
        bias = np.zeros((2, L, L))
        if kp is not None: bias += np.where(kp.numpy()[:, None, :], -np.inf, 0.)
        if am2 is not None: bias += np.where(am2.numpy(), -np.inf, 0.) if am2.dtype == torch.bool else am2.numpy()
        assert np.allclose(np_mha(X.detach().numpy(), {k: v.detach() for k, v in m.state_dict().items()}, H, bias), y.detach().numpy(), atol=1e-12)
        c.append(dict(name=f"E{E}_H{H}_{mn}", config=dict(B=2, L=L, E=E, H=H, bias=True, batch_first=True, dropout=0), seed=seed, X=T(X), G=T(G), key_padding_mask=None if kp is None else T(kp), attn_mask=None if am2 is None else T(am2),
            params={k: T(v) for k, v in m.state_dict().items()}, output=T(y), attention_per_head=T(a), attention_mean=T(a.mean(1)), loss=float((y*G).sum()), grad_X=T(X.grad), grads={k: T(v.grad) for k, v in m.named_parameters()}))
    g = gen(1900); m = init(nn.MultiheadAttention(8, 2, bias=False, batch_first=True), g).train(); q, kv, G = rnd(g, 1, 2, 8).requires_grad_(), rnd(g, 1, 5, 8).requires_grad_(), rnd(g, 1, 2, 8)
    y, a = m(q, kv, kv, average_attn_weights=False); (y*G).sum().backward()
    c.append(dict(name="cross_E8_H2_nobias", config=dict(B=1, Lq=2, Lk=5, E=8, H=2, bias=False), query=T(q), key_value=T(kv), G=T(G), params={k: T(v) for k, v in m.state_dict().items()}, output=T(y), attention_per_head=T(a), grad_query=T(q.grad), grad_key_value=T(kv.grad), grads={k: T(v.grad) for k, v in m.named_parameters()}))
    save("mha.json", dict(meta=dict(torch=torch.__version__, about="torch.nn.MultiheadAttention, self attention unless named cross"), cases=c))

# ---------------------------------------------------------------- nn.TransformerEncoderLayer
def enc_layer():
    c = []; L = 5; E, H, FF = 8, 2, 16
    for act, nf, mn in itertools.product(("relu", "gelu"), (False, True), ("none", "key_padding", "causal", "padding_and_causal")):
        kp = PAD if "padding" in mn else None; am = causal(L) if "causal" in mn else None; seed = 2000 + 100*(act == "gelu") + 10*nf + ["none", "key_padding", "causal", "padding_and_causal"].index(mn); g = gen(seed)
        m = init(nn.TransformerEncoderLayer(E, H, FF, dropout=0.0, activation=act, batch_first=True, norm_first=nf), g).train()       # train(): avoids the fused eval path, dropout is 0
        X = rnd(g, 2, L, E).requires_grad_(); G = rnd(g, 2, L, E)
        y = m(X, src_mask=am, src_key_padding_mask=kp); (y*G).sum().backward()
        # independent re-computation
        sd = {k: v.detach() for k, v in m.state_dict().items()}; bias = np.zeros((2, L, L))
        if kp is not None: bias += np.where(kp.numpy()[:, None, :], -np.inf, 0.)
        if am is not None: bias += np.where(am.numpy(), -np.inf, 0.)
        sa = lambda z: torch.tensor(np_mha(z.numpy(), {k[10:]: v for k, v in sd.items() if k.startswith("self_attn.")}, H, bias)); nrm = lambda z, i: F.layer_norm(z, (E,), sd[f"norm{i}.weight"], sd[f"norm{i}.bias"], 1e-5)
        ff = lambda z: (F.relu if act == "relu" else F.gelu)(z @ sd["linear1.weight"].T + sd["linear1.bias"]) @ sd["linear2.weight"].T + sd["linear2.bias"]; x = X.detach()
        if nf: x = x + sa(nrm(x, 1)); x = x + ff(nrm(x, 2))
        else: x = nrm(x + sa(x), 1); x = nrm(x + ff(x), 2)
        assert torch.allclose(x, y.detach(), atol=1e-11)
        c.append(dict(name=f"{act}_{'pre' if nf else 'post'}norm_{mn}", config=dict(B=2, L=L, E=E, H=H, FF=FF, activation=act, norm_first=nf, layer_norm_eps=1e-5, dropout=0, batch_first=True), seed=seed, X=T(X), G=T(G), key_padding_mask=None if kp is None else T(kp), attn_mask=None if am is None else T(am),
            params={k: T(v) for k, v in m.state_dict().items()}, output=T(y), loss=float((y*G).sum()), grad_X=T(X.grad), grads={k: T(v.grad) for k, v in m.named_parameters()}))
    save("encoder_layer.json", dict(meta=dict(torch=torch.__version__, about="torch.nn.TransformerEncoderLayer; outputs at padded query rows are ordinary values (PyTorch's fused eval path may zero them): mask them in the pooling"), cases=c))

# ---------------------------------------------------------------- whole classifier: embedding -> PE -> 2 layers -> pool -> linear -> CE -> optimiser steps
class Clf(nn.Module):
    def __init__(s, V=12, E=8, H=2, FF=16, N=2, C=3, pos="sinusoidal", nf=True, is_causal=False, maxlen=8):
        super().__init__(); s.E, s.pos, s.c = E, pos, is_causal; s.emb = nn.Embedding(V, E, padding_idx=0)
        if pos == "learned": s.pemb = nn.Embedding(maxlen, E)
        s.layers = nn.ModuleList([nn.TransformerEncoderLayer(E, H, FF, 0.0, "gelu", batch_first=True, norm_first=nf) for _ in range(N)]); s.norm = nn.LayerNorm(E); s.head = nn.Linear(E, C)
        w = 10000.0 ** (-torch.arange(0, E, 2).double()/E); a = torch.arange(maxlen).double()[:, None]*w; s.pe = torch.stack([a.sin(), a.cos()], -1).reshape(maxlen, E)
    def forward(s, ids):
        pad = ids == 0; B, L = ids.shape; x = s.emb(ids)*math.sqrt(s.E)
        if s.pos == "sinusoidal": x = x + s.pe[:L]
        if s.pos == "learned": x = x + s.pemb.weight[:L]
        for l in s.layers: x = l(x, causal(L) if s.c else None, pad)
        x = s.norm(x); keep = (~pad).to(x.dtype)[..., None]; return s.head((x*keep).sum(1)/keep.sum(1))
IDS = torch.tensor([[3, 7, 1, 9, 4, 2], [5, 5, 8, 0, 0, 0], [2, 11, 6, 10, 0, 0]]); Y = torch.tensor([0, 2, 1])
def classifier():
    c = []
    for pos, nf, cz in [("sinusoidal", True, False), ("sinusoidal", False, False), ("learned", True, False), ("none", True, False), ("none", True, True)]:
        g = gen(3000 + len(c)); m = init(Clf(pos=pos, nf=nf, is_causal=cz), g, .3).train(); m.emb.weight.data[0] = 0
        p0 = {k: T(v) for k, v in m.named_parameters()}; lo = m(IDS); loss = F.cross_entropy(lo, Y); loss.backward(); gr = {k: T(v.grad) for k, v in m.named_parameters()}
        gn = float(torch.sqrt(sum((p.grad**2).sum() for p in m.parameters()))); st = {k: v.clone() for k, v in m.state_dict().items()}; after = {}
        for on, mk in [("sgd_lr0.1", lambda P: torch.optim.SGD(P, lr=.1)), ("adam_lr0.01", lambda P: torch.optim.Adam(P, lr=.01)), ("adamw_lr0.01_wd0.01", lambda P: torch.optim.AdamW(P, lr=.01, weight_decay=.01))]:
            m.load_state_dict(st); o = mk(m.parameters()); ls = []
            for _ in range(5): o.zero_grad(); l = F.cross_entropy(m(IDS), Y); l.backward(); o.step(); ls.append(float(l.detach()))
            with torch.no_grad(): ls.append(float(F.cross_entropy(m(IDS), Y)))
            after[on] = dict(loss_before_each_step_and_final=ls, head_weight_after_5=T(m.head.weight), head_bias_after_5=T(m.head.bias))
        c.append(dict(name=f"{pos}_{'pre' if nf else 'post'}norm{'_causal' if cz else ''}", config=dict(V=12, E=8, H=2, FF=16, layers=2, classes=3, activation="gelu", norm_first=nf, pos=pos, causal=cz, embed_scale="sqrt(E)", final_layernorm=True, pooling="mean over non-pad", pad_id=0, eps=1e-5),
            ids=T(IDS), labels=[0, 2, 1], params=p0, logits=T(lo), probabilities=T(lo.softmax(-1)), loss=float(loss), grad_norm=gn, grads=gr, after=after, note="emb row 0 (padding_idx) is zero and gets no gradient"))
    save("classifier.json", dict(meta=dict(about="tiny text classifier end to end, incl. 5 optimiser steps", torch=torch.__version__), cases=c))

# ---------------------------------------------------------------- permutation tests
def equivariance():
    c = []; perm = torch.tensor([4, 2, 5, 0, 3, 1]); ids = torch.tensor([[3, 7, 1, 9, 4, 2]])
    for pos, cz in [("none", False), ("sinusoidal", False), ("learned", False), ("none", True)]:
        m = init(Clf(pos=pos, is_causal=cz), gen(4000), .3).train(); a, b, r = m(ids), m(ids[:, perm]), m(ids.flip(1)); dmax = float((a-b).abs().max())
        assert (dmax < 1e-12) == (pos == "none" and not cz)
        c.append(dict(name=f"{pos}{'_causal' if cz else ''}", ids=T(ids), permutation=perm.tolist(), logits=T(a), logits_permuted=T(b), logits_reversed=T(r), max_abs_diff=dmax, must_be_equal=(pos == "none" and not cz), params={k: T(v) for k, v in m.named_parameters()}))
    save("equivariance.json", dict(meta=dict(about="encoder without positions: logits invariant under permutation (exact in exact arithmetic, ~1e-7 in float32); with a CAUSAL mask and no positions they are NOT"), cases=c))

# ---------------------------------------------------------------- statistics
def stats():
    C = math.comb
    def mcn(b, cc): n, k = b+cc, min(b, cc); return 1.0 if n == 0 else min(1.0, 2*sum(C(n, i) for i in range(k+1))/2**n)
    def tcdf(t, v):                                   # Student t by Simpson on the density
        f = lambda x: math.exp(math.lgamma((v+1)/2)-math.lgamma(v/2))/math.sqrt(v*math.pi)*(1+x*x/v)**(-(v+1)/2); n = 20000; h = t/n
        return .5 + h/3*(f(0)+f(t)+4*sum(f((2*i+1)*h) for i in range(n//2))+2*sum(f(2*i*h) for i in range(1, n//2)))
    def tq(p, v):
        lo, hi = 0., 200.
        for _ in range(60): mid = (lo+hi)/2; lo, hi = (mid, hi) if tcdf(mid, v) < p else (lo, mid)
        return (lo+hi)/2
    def wilson(k, n, z=1.959963984540054): p = k/n; d = 1+z*z/n; m = (p+z*z/2/n)/d; h = z*math.sqrt(p*(1-p)/n+z*z/4/n/n)/d; return [m-h, m+h]
    A = [.912, .905, .921, .899, .915, .908, .918, .903, .911, .909]; B = [.871, .880, .866, .884, .873, .869, .890, .861, .877, .872]
    d = [x-y for x, y in zip(A, B)]; n = len(d); m = sum(d)/n; s = math.sqrt(sum((x-m)**2 for x in d)/(n-1)); t = m/(s/math.sqrt(n)); q = tq(.975, n-1)
    e = [.012, -.004, .009, .001, -.002]; flips = [abs(sum(x*sg for x, sg in zip(e, ss))) for ss in itertools.product((1, -1), repeat=5)]; pf = sum(f >= abs(sum(e))-1e-15 for f in flips)/32
    ps = [.001, .03, .02, .6]; o = sorted(range(4), key=lambda i: ps[i]); adj = [0]*4; run = 0
    for r, i in enumerate(o): run = max(run, min(1, (4-r)*ps[i])); adj[i] = run
    sd = lambda x: math.sqrt(sum((y-sum(x)/len(x))**2 for y in x)/(len(x)-1))
    save("stats.json", dict(meta=dict(about="reference values for the report's statistics"), cases=[
        dict(name="mcnemar_exact_two_sided", rows=[dict(b=b, c=cc, p=mcn(b, cc)) for b, cc in [(10, 3), (0, 0), (5, 0), (6, 0), (25, 10), (60, 40), (1, 1)]]),
        dict(name="wilson_95", rows=[dict(k=k, n=nn, ci=wilson(k, nn)) for k, nn in [(0, 20), (20, 20), (450, 500), (3600, 7200), (1, 2)]]),
        dict(name="t_quantile_0.975", rows=[dict(df=v, t=tq(.975, v)) for v in (1, 2, 4, 9, 19, 29)]),
        dict(name="paired_seeds_10", A=A, B=B, mean_diff=m, sd_diff=s, t=t, p=2*(1-tcdf(abs(t), n-1)), ci95=[m-q*s/math.sqrt(n), m+q*s/math.sqrt(n)], cohen_dz=m/s, prob_A_beats_B=sum((x > y)+.5*(x == y) for x, y in zip(A, B))/n, sd_A=sd(A), sd_B=sd(B), note="paired by seed"),
        dict(name="sign_flip_exact_5", diffs=e, p_two_sided=pf, smallest_possible_p=2/32, note="with 5 seeds an exact two-sided sign-flip test can never reach 0.05: 2/2^5 = 0.0625; 6 seeds: 0.03125"),
        dict(name="holm", p=ps, adjusted=adj),
        dict(name="noether_N_for_P(A>B)=0.75", alpha=.05, beta=.05, formula="N >= ((z_{1-a}+z_{1-b})/(sqrt(6)*(0.5-g)))^2, one-sided", N=math.ceil(((1.6448536269514722*2)/(math.sqrt(6)*(.5-.75)))**2))]))
for f in (softmax_mask, deep_ml, sinus, shaw, rope, alibi, mha, enc_layer, classifier, equivariance, stats): f()
