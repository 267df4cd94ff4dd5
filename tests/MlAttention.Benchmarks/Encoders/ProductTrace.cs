using static MlAttention.Torch.Tensors.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>A tensor, and the longest chain of matrix products, each of which needs the one before, that leads to it.</summary>
internal readonly record struct Traced(Tensor Value, int Chain)
{
    public Traced Then(Func<Tensor, Tensor> pointwise) => new(pointwise(Value), Chain);

    public static Traced Of(Traced one, Traced other, Func<Tensor, Tensor, Tensor> pointwise) => new(pointwise(one.Value, other.Value), Math.Max(one.Chain, other.Chain));
}

/// <summary>
/// The encoders once more, as their formulas, on tensors that count: how many matrix products stand one after the other, which no number of
/// processors shortens, and how many multiplications all have. A test compares the numbers with those of the encoder itself.
/// </summary>
/// <remarks>A product is one of vectors and a weight matrix or filter, or of queries and keys, or of weights and values; what acts on each number alone counts nothing.</remarks>
internal sealed class ProductTrace
{
    private readonly Dictionary<string, Tensor> _weights;
    private readonly SequenceModelOptions _model;
    private long _multiplications;

    private ProductTrace(SequenceEncoder encoder, SequenceModelOptions model) => (_weights, _model) = (encoder.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter), model);

    /// <summary>An encoder's pass over x [B,L,D], all tokens real, without dropout.</summary>
    public static (Traced Output, long Multiplications) Run(SequenceEncoder encoder, SequenceModelOptions model, Tensor x)
    {
        var trace = new ProductTrace(encoder, model);
        var output = new Traced(x, 0);
        for (int layer = 0; layer < model.Layers; layer++)
            output = model.Encoder switch
            {
                EncoderKind.Attention => trace.AttentionLayer(output, $"layers.{layer}."),
                EncoderKind.Lstm => trace.BothWays(output, $"layers.{layer}.", trace.LstmStep),
                EncoderKind.Gru => trace.BothWays(output, $"layers.{layer}.", trace.GruStep),
                EncoderKind.Cnn => trace.Convolution(output, $"layers.{layer}."),
                _ => throw new ArgumentException($"{model.Encoder} has no products to trace.", nameof(model)),
            };
        return (model.Encoder == EncoderKind.Attention ? trace.Norm(output, "norm.") : output, trace._multiplications);
    }

    /// <summary>y = x + attention(norm1(x)); y + linear2(gelu(linear1(norm2(y)))).</summary>
    private Traced AttentionLayer(Traced x, string at)
    {
        var mapped = Map(Norm(x, at + "norm1."), _weights[at + "self_attn.in_proj_weight"], _weights[at + "self_attn.in_proj_bias"]);        // [B,L,3D]
        Traced Heads(int part) => mapped.Then(all => all.chunk(3, 2)[part].unflatten(2, [_model.Heads, _model.ModelWidth / _model.Heads]).transpose(1, 2));   // [B,H,L,Dh]
        var scores = Product(Heads(0), Heads(1).Then(key => key.transpose(2, 3)));
        var weights = scores.Then(all => (all / Number(Math.Sqrt(_model.ModelWidth / _model.Heads))).softmax(-1));                                    // [B,H,L,L]
        var mixed = Product(weights, Heads(2)).Then(all => all.transpose(1, 2).flatten(2));                                                   // [B,L,D]
        var y = Sum(x, Linear(mixed, at + "self_attn.out_proj."));
        return Sum(y, Linear(Linear(Norm(y, at + "norm2."), at + "linear1.").Then(hidden => hidden.gelu()), at + "linear2."));
    }

    /// <summary>x + gelu(convolution(x)).</summary>
    private Traced Convolution(Traced x, string at)
    {
        var filter = _weights[at + "weight"];                                                                                                // [D,D,k]
        _multiplications += x.Value.numel() * filter.shape[1] * filter.shape[2];
        var features = nn.functional.conv1d(x.Value.transpose(1, 2), filter, _weights[at + "bias"], padding: filter.shape[2] / 2).transpose(1, 2);
        return Sum(x, new(features.gelu(), x.Chain + 1));
    }

    private Traced BothWays(Traced x, string at, Func<Traced, Traced, string, Traced> step)
    {
        var forwards = Read(x, at + "forward.", step);
        var backwards = Read(x.Then(all => all.flip(1)), at + "backward.", step).Then(all => all.flip(1));
        return Traced.Of(forwards, backwards, (one, other) => cat([one, other], 2));
    }

    /// <summary>One token after the other; the state [B,h], or [B,2h] with the cell of an LSTM, starts from 0.</summary>
    private Traced Read(Traced x, string at, Func<Traced, Traced, string, Traced> step)
    {
        var inputs = Map(x, _weights[at + "weight_ih_l0"], _weights[at + "bias_ih_l0"]);                                                     // [B,L,gates h]
        int hidden = (int)_weights[at + "weight_hh_l0"].shape[1], states = step == LstmStep ? 2 : 1;
        var state = new Traced(zeros(x.Value.shape[0], states * hidden), 0);
        var outputs = new List<Tensor>();
        for (long token = 0; token < x.Value.shape[1]; token++)
        {
            state = step(inputs.Then(all => all.select(1, token)), state, at);
            outputs.Add(state.Value.narrow(1, 0, hidden));
        }
        return new(stack(outputs, 1), state.Chain);
    }

    /// <summary>c' = σ(f) c + σ(i) tanh(g); h' = σ(o) tanh(c').</summary>
    private Traced LstmStep(Traced input, Traced state, string at)
    {
        var (hidden, cell) = (state.Then(both => both.chunk(2, 1)[0]), state.Value.chunk(2, 1)[1]);
        return Sum(input, Recurrent(hidden, at)).Then(sums =>
        {
            var gates = sums.chunk(4, 1);                                                                                                    // i, f, g, o
            var next = (gates[1].sigmoid() * cell).Plus(gates[0].sigmoid() * gates[2].tanh());
            return cat([gates[3].sigmoid() * next.tanh(), next], 1);
        });
    }

    /// <summary>n = tanh(in + σ(r) hn); h' = (1 - σ(z)) n + σ(z) h.</summary>
    private Traced GruStep(Traced input, Traced state, string at) => Traced.Of(input, Recurrent(state, at), (given, kept) =>
    {
        var (ofInput, ofState) = (given.chunk(3, 1), kept.chunk(3, 1));                                                                      // r, z, n
        var update = ofInput[1].Plus(ofState[1]).sigmoid();
        var candidate = ofInput[2].Plus(ofInput[0].Plus(ofState[0]).sigmoid() * ofState[2]).tanh();
        return candidate.Plus(update * (state.Value - candidate));
    });

    private Traced Recurrent(Traced hidden, string at) => Map(hidden, _weights[at + "weight_hh_l0"], _weights[at + "bias_hh_l0"]);

    private Traced Linear(Traced x, string at) => Map(x, _weights[at + "weight"], _weights[at + "bias"]);

    private Traced Map(Traced x, Tensor weight, Tensor bias) => Product(x, new(weight.t(), 0)).Then(product => product.Plus(bias));

    private Traced Norm(Traced x, string at) => x.Then(all => nn.functional.layer_norm(all, [_model.ModelWidth], _weights[at + "weight"], _weights[at + "bias"], _model.LayerNormEpsilon));

    private static Traced Sum(Traced one, Traced other) => Traced.Of(one, other, (left, right) => left.Plus(right));

    private Traced Product(Traced left, Traced right)
    {
        var product = left.Value.matmul(right.Value);
        _multiplications += product.numel() * left.Value.shape[^1];
        return new(product, Math.Max(left.Chain, right.Chain) + 1);
    }
}
