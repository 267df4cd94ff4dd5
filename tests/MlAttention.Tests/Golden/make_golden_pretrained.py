"""Tiny made-up checkpoints of the four families of pretrained encoders, as Hugging Face folders, and what they give.

    python3 make_golden_pretrained.py .      # pretrained/<name>/..., pretrained/<name>.json; no packages, under 2 s

Everything is plain loops over float64 that follow the papers and the names of transformers 4: Vaswani et al. 2017 (attention),
Devlin et al. 2019 (BERT), Sanh et al. 2019 (DistilBERT), Liu et al. 2019 (RoBERTa), Conneau et al. 2020 (XLM-R). Weights are small
multiples of a power of two, so that a file of F16 or BF16 holds exactly what was computed with.
Each sequence is computed alone: {"ids", "hidden": last hidden states [L,D], "pooled" [D], "logits" [C]}; with the head that predicts masked
tokens "logits" [L,V], of ...ForMaskedLM, whose last matrix is that of the word embeddings.
"""
import json, math, os, struct, sys

D, H, F, LAYERS = 15, 3, 7, 2          # width, heads of width 5, feed-forward width


class Random:
    """A linear congruential generator: the numbers follow from the name of the checkpoint, on every machine alike."""

    def __init__(self, name):
        self.state = sum((i + 1) * ord(c) for i, c in enumerate(name)) * 2654435761 % 2**64

    def integer(self, below):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % below


class Weights(dict):
    """Tensors by name: (shape, row-major values), drawn when they are first asked for."""

    def __init__(self, name, dtype):
        super().__init__()
        self.random = Random(name)
        self.steps = 64 if dtype == "BF16" else 1024       # BF16 keeps 8 bits of a number, F16 keeps 11

    def draw(self, name, *shape, centre=0.0, spread=0.5):
        n = math.prod(shape)
        most = int(self.steps * spread)
        self[name] = (list(shape), [centre + (self.random.integer(2 * most + 1) - most) / self.steps for _ in range(n)])

    def linear(self, name, outputs, inputs):
        self.draw(name + ".weight", outputs, inputs)
        self.draw(name + ".bias", outputs)

    def norm(self, name):
        self.draw(name + ".weight", D, centre=1.0, spread=0.25)
        self.draw(name + ".bias", D)

    def rows(self, name):
        (rows, width), values = self[name]
        return [values[r * width:(r + 1) * width] for r in range(rows)]

    def apply(self, name, x):
        bias = self[name + ".bias"][1]
        return [b + sum(w * v for w, v in zip(row, x)) for row, b in zip(self.rows(name + ".weight"), bias)]

    def normalise(self, name, x, epsilon):
        mean = sum(x) / len(x)
        variance = sum((v - mean) ** 2 for v in x) / len(x)
        scale = 1 / math.sqrt(variance + epsilon)
        return [(v - mean) * scale * w + b for v, w, b in zip(x, self[name + ".weight"][1], self[name + ".bias"][1])]


ACTIVATIONS = {
    "gelu": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "gelu_new": lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))),
    "relu": lambda x: max(0.0, x),
}

BERT = dict(layer="encoder.layer.%d.", query="attention.self.query", key="attention.self.key", value="attention.self.value",
            out="attention.output.dense", norm1="attention.output.LayerNorm", up="intermediate.dense", down="output.dense", norm2="output.LayerNorm")
DISTIL = dict(layer="transformer.layer.%d.", query="attention.q_lin", key="attention.k_lin", value="attention.v_lin",
              out="attention.out_lin", norm1="sa_layer_norm", up="ffn.lin1", down="ffn.lin2", norm2="output_layer_norm")


class Model:
    def __init__(self, name, family, dtype="F32", classes=0, prefix="", activation="gelu", epsilon=1e-12, vocabulary=31, positions=11, types=0, offset=0, pooling="mean", masked=False):
        self.__dict__.update(locals())
        self.names = DISTIL if family == "distilbert" else BERT
        w = self.weights = Weights(name, dtype)
        e = prefix + "embeddings."
        w.draw(e + "word_embeddings.weight", vocabulary, D)
        w.draw(e + "position_embeddings.weight", positions, D)
        if types:
            w.draw(e + "token_type_embeddings.weight", types, D)
        w.norm(e + "LayerNorm")
        for layer in range(LAYERS):
            at = prefix + self.names["layer"] % layer
            for part in ("query", "key", "value", "out"):
                w.linear(at + self.names[part], D, D)
            w.norm(at + self.names["norm1"])
            w.linear(at + self.names["up"], F, D)
            w.linear(at + self.names["down"], D, F)
            w.norm(at + self.names["norm2"])
        self.head = {"bert": (prefix + "pooler.dense", "classifier"), "distilbert": ("pre_classifier", "classifier")}.get(family, ("classifier.dense", "classifier.out_proj"))
        if classes:
            w.linear(self.head[0], D, D)
            w.linear(self.head[1], classes, D)
        self.mask_head = {"bert": ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias"),
                          "distilbert": ("vocab_transform", "vocab_layer_norm", "vocab_projector.bias")}.get(family, ("lm_head.dense", "lm_head.layer_norm", "lm_head.bias"))
        if masked:
            w.linear(self.mask_head[0], D, D)
            w.norm(self.mask_head[1])
            w.draw(self.mask_head[2], vocabulary)

    def predict(self, x):
        dense, norm, bias = self.mask_head
        x = self.weights.normalise(norm, [ACTIVATIONS[self.activation](u) for u in self.weights.apply(dense, x)], self.epsilon)
        return [b + sum(a * c for a, c in zip(row, x)) for row, b in zip(self.weights.rows(self.prefix + "embeddings.word_embeddings.weight"), self.weights[bias][1])]

    def hidden(self, ids):
        w, e, n = self.weights, self.prefix + "embeddings.", self.names
        words, places = w.rows(e + "word_embeddings.weight"), w.rows(e + "position_embeddings.weight")
        kind = w.rows(e + "token_type_embeddings.weight")[0] if self.types else [0.0] * D
        xs = [w.normalise(e + "LayerNorm", [a + b + c for a, b, c in zip(words[id], places[self.offset + i], kind)], self.epsilon) for i, id in enumerate(ids)]
        dh = D // H
        for layer in range(LAYERS):
            at = self.prefix + n["layer"] % layer
            q, k, v = ([w.apply(at + n[part], x) for x in xs] for part in ("query", "key", "value"))
            mixed = []
            for i in range(len(ids)):
                row = []
                for h in range(H):
                    span = range(h * dh, (h + 1) * dh)
                    scores = [sum(q[i][d] * k[j][d] for d in span) / math.sqrt(dh) for j in range(len(ids))]
                    top = max(scores)
                    weights = [math.exp(s - top) for s in scores]
                    total = sum(weights)
                    row += [sum(weights[j] / total * v[j][d] for j in range(len(ids))) for d in span]
                mixed.append(w.apply(at + n["out"], row))
            xs = [w.normalise(at + n["norm1"], [a + b for a, b in zip(x, y)], self.epsilon) for x, y in zip(xs, mixed)]
            ys = [w.apply(at + n["down"], [ACTIVATIONS[self.activation](u) for u in w.apply(at + n["up"], x)]) for x in xs]
            xs = [w.normalise(at + n["norm2"], [a + b for a, b in zip(x, y)], self.epsilon) for x, y in zip(xs, ys)]
        return xs

    def case(self, ids):
        xs = self.hidden(ids)
        pooled = {"mean": [sum(c) / len(c) for c in zip(*xs)], "max": [max(c) for c in zip(*xs)], "first": xs[0]}["first" if self.classes else self.pooling]
        logits = []
        if self.classes:
            dense = self.weights.apply(self.head[0], xs[0])
            act = (lambda x: max(0.0, x)) if self.family == "distilbert" else math.tanh
            logits = self.weights.apply(self.head[1], [act(x) for x in dense])
        if self.masked:
            logits = [self.predict(x) for x in xs]
        return {"ids": ids, "hidden": xs, "pooled": pooled, "logits": logits}


def safetensors(path, tensors, dtype, extra=()):
    """extra: (name, dtype, shape, bytes) of tensors that nobody asks for, as checkpoints of Hugging Face have them."""
    pack = {
        "F32": lambda v: struct.pack("<f", v),
        "F16": lambda v: struct.pack("<e", v),
        "BF16": lambda v: struct.pack("<f", v)[2:],
    }[dtype]
    entries = [(name, dtype, shape, b"".join(pack(v) for v in values)) for name, (shape, values) in tensors.items()] + list(extra)
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, kind, shape, raw in entries:
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def write_json(path, value):
    write(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


WORDPIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "dog", "cha", "##sed", "##s", "a", "b", "c", "##a", "##b", "##c", ".", ",", "!", "not", "good", "bad", "very",
              "film", "was", "##y", "it", "is"]


def wordpiece(folder):
    write(folder + "/vocab.txt", "".join(token + "\n" for token in WORDPIECES))
    write_json(folder + "/tokenizer_config.json", {"do_lower_case": True, "model_max_length": 11, "tokenizer_class": "BertTokenizer"})


def tokenizer_json(folder):
    """The same tokens in the one file of the tokenizers library."""
    special = {token: WORDPIECES.index(token) for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")}
    piece = lambda name: {name[0]: {"id": name[1], "type_id": 0}}
    cls, text, sep = piece(("SpecialToken", "[CLS]")), piece(("Sequence", "A")), piece(("SpecialToken", "[SEP]"))
    write_json(folder + "/tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": id, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for token, id in special.items()],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing", "single": [cls, text, sep], "pair": [cls, text, sep],
                           "special_tokens": {token: {"id": token, "ids": [special[token]], "tokens": [token]} for token in ("[CLS]", "[SEP]")}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {token: i for i, token in enumerate(WORDPIECES)}},
    })


def byte_pairs(folder):
    tokens = ["<s>", "<pad>", "</s>", "<unk>", "a", "b", "c", "d", "e", "\u0120", "ab", "\u0120a", "cd", "\u0120ab", "abcd", "!", "<mask>"]
    write_json(folder + "/vocab.json", {token: i for i, token in enumerate(tokens)})
    write(folder + "/merges.txt", "#version: 0.2\na b\n\u0120 a\nc d\n\u0120 ab\nab cd\n")
    write_json(folder + "/tokenizer_config.json", {"model_max_length": 11, "tokenizer_class": "RobertaTokenizer"})


def field(number, kind, payload):
    key = bytes([number << 3 | kind])
    return key + (bytes([len(payload)]) + payload if kind == 2 else payload)


def sentencepiece(folder):
    """sentencepiece_model.proto: a piece is {1: text, 2: score, 3: type}, type 2 is <unk> and 3 is control; trainer {3: 1 = unigram}."""
    pieces = [("<unk>", 0.0, 2), ("<s>", 0.0, 3), ("</s>", 0.0, 3)]
    pieces += [(text, -1.0 - i / 8, 1) for i, text in enumerate(["\u2581a", "\u2581good", "\u2581", "a", "b", "c", "ab", "\u2581film", "s", "!"])]
    data = b""
    for text, score, kind in pieces:
        data += field(1, 2, field(1, 2, text.encode()) + field(2, 5, struct.pack("<f", score)) + field(3, 0, bytes([kind])))
    data += field(2, 2, field(3, 0, b"\x01"))
    with open(folder + "/sentencepiece.bpe.model", "wb") as file:
        file.write(data)
    write_json(folder + "/tokenizer_config.json", {"model_max_length": 11, "tokenizer_class": "XLMRobertaTokenizer"})


def config(model, class_name):
    family = model.family
    if family == "distilbert":
        value = {"activation": model.activation, "attention_dropout": 0.1, "dim": D, "dropout": 0.1, "hidden_dim": F, "n_heads": H, "n_layers": LAYERS,
                 "sinusoidal_pos_embds": False, "seq_classif_dropout": 0.2, "tie_weights_": True, "pad_token_id": 0}
    else:
        value = {"attention_probs_dropout_prob": 0.1, "hidden_act": model.activation, "hidden_dropout_prob": 0.1, "hidden_size": D, "intermediate_size": F,
                 "layer_norm_eps": model.epsilon, "num_attention_heads": H, "num_hidden_layers": LAYERS, "type_vocab_size": model.types,
                 "position_embedding_type": "absolute", "pad_token_id": 1 if model.offset else 0}
    value |= {"architectures": [class_name], "model_type": family, "vocab_size": model.vocabulary, "max_position_embeddings": model.positions, "initializer_range": 0.02,
              "transformers_version": "4.57.1"}
    if model.classes:
        labels = ["negative", "neutral", "positive", "mixed", "none"][:model.classes]
        value |= {"id2label": {str(i): label for i, label in enumerate(labels)}, "label2id": {label: i for i, label in enumerate(labels)}}
    return value


def pooling(folder, model, normalise):
    modules = ["Transformer", "Pooling"] + ["Normalize"] * normalise
    write_json(folder + "/modules.json", [{"idx": i, "name": str(i), "path": "%d_%s" % (i, kind) if i else "", "type": "sentence_transformers.models." + kind} for i, kind in enumerate(modules)])
    os.makedirs(folder + "/1_Pooling", exist_ok=True)
    write_json(folder + "/1_Pooling/config.json", {"word_embedding_dimension": D, "pooling_mode_cls_token": model.pooling == "first", "pooling_mode_mean_tokens": model.pooling == "mean",
                                                   "pooling_mode_max_tokens": model.pooling == "max", "pooling_mode_mean_sqrt_len_tokens": False})


def main(target):
    models = [
        (Model("bert", "bert", types=2), "BertModel"),
        (Model("bert-classifier", "bert", "F16", classes=3, prefix="bert.", activation="gelu_new", vocabulary=29, types=2), "BertForSequenceClassification"),
        (Model("distilbert", "distilbert", "F32", prefix="distilbert.", vocabulary=29, activation="relu", pooling="max"), "DistilBertForMaskedLM"),
        (Model("distilbert-classifier", "distilbert", "BF16", classes=2, prefix="distilbert.", vocabulary=29), "DistilBertForSequenceClassification"),
        (Model("roberta", "roberta", epsilon=1e-5, vocabulary=17, positions=13, types=1, offset=2, pooling="first"), "RobertaModel"),
        (Model("roberta-classifier", "roberta", classes=5, prefix="roberta.", epsilon=1e-5, vocabulary=17, positions=13, types=1, offset=2), "RobertaForSequenceClassification"),
        (Model("xlm-roberta-classifier", "xlm-roberta", classes=3, prefix="roberta.", epsilon=1e-5, vocabulary=15, positions=13, types=1, offset=2), "XLMRobertaForSequenceClassification"),
        (Model("bert-masked", "bert", prefix="bert.", activation="gelu_new", types=2, masked=True), "BertForMaskedLM"),
        (Model("distilbert-masked", "distilbert", prefix="distilbert.", vocabulary=29, masked=True), "DistilBertForMaskedLM"),
        (Model("roberta-masked", "roberta", prefix="roberta.", epsilon=1e-5, vocabulary=17, positions=13, types=1, offset=2, masked=True), "RobertaForMaskedLM"),
    ]
    for model, class_name in models:
        folder = os.path.join(target, "pretrained", model.name)
        os.makedirs(folder, exist_ok=True)
        write_json(folder + "/config.json", config(model, class_name))
        {"bert": wordpiece, "distilbert": tokenizer_json if model.classes else wordpiece, "roberta": byte_pairs, "xlm-roberta": sentencepiece}[model.family](folder)
        tensors, extra = dict(model.weights), []
        if model.name == "bert":
            extra = [("embeddings.position_ids", "I64", [1, model.positions], struct.pack("<%dq" % model.positions, *range(model.positions)))]
            tensors["pooler.dense.bias"] = ([D], [0.5] * D)
            pooling(folder, model, normalise=True)
            write_json(folder + "/sentence_bert_config.json", {"max_seq_length": 9, "do_lower_case": False})
        if model.name == "bert-classifier":         # as the first checkpoints had it
            tensors = {name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): tensor for name, tensor in tensors.items()}
        if model.name == "distilbert":
            tensors["vocab_projector.bias"] = ([model.vocabulary], [0.25] * model.vocabulary)
            pooling(folder, model, normalise=False)
        if model.name == "roberta":
            pooling(folder, model, normalise=False)
            parts = [{}, {}]
            for i, name in enumerate(tensors):
                parts[i * 2 // len(tensors)][name] = tensors[name]
            files = ["model-%05d-of-00002.safetensors" % (i + 1) for i in range(2)]
            for file, part in zip(files, parts):
                safetensors(folder + "/" + file, part, model.dtype)
            write_json(folder + "/model.safetensors.index.json", {"metadata": {"total_size": 0}, "weight_map": {name: files[name in parts[1]] for name in tensors}})
        else:
            safetensors(folder + "/model.safetensors", tensors, model.dtype, extra)
        random, tokens, longest = Random(model.name + "ids"), 13, model.positions - model.offset
        lengths = [1, 2, 5, longest if model.name != "bert" else 9]
        cases = [model.case([random.integer(tokens) + 2 for _ in range(length)]) for length in lengths]
        rounded = json.loads(json.dumps(cases), parse_float=lambda text: float("%.13g" % float(text)))
        write(os.path.join(target, "pretrained", model.name + ".json"), json.dumps({"pooling": "first" if model.classes else model.pooling, "cases": rounded}, separators=(",", ":")) + "\n")


main(sys.argv[1])
