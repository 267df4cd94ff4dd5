using MlAttention.Architecture;
using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>One encoder layer's weights in the layout of the kernels.</summary>
internal sealed unsafe class PackedLayer<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly FlatWeights _weights;
    private readonly string _name;
    private readonly int _width;

    public PackedLayer(SequenceModelOptions options, FlatWeights weights, int layer)
    {
        _weights = weights;
        _width = options.ModelWidth;
        _name = $"encoder.layers.{layer}.";
        int width = options.ModelWidth, headWidth = width / options.Heads;
        int[] heads = [.. Enumerable.Range(0, options.Heads).SelectMany(head => PackedLinear<T>.Padded(headWidth).Select(i => i < 0 ? -1 : head * headWidth + i))];
        int[] queriesKeysValues = [.. Enumerable.Range(0, 3).SelectMany(part => heads.Select(i => i < 0 ? -1 : part * width + i))];
        int[] model = PackedLinear<T>.Padded(width), hidden = PackedLinear<T>.Padded(options.FeedForwardWidth);
        Norm1 = new NormWeights(weights, _name + "norm1.");
        Norm2 = new NormWeights(weights, _name + "norm2.");
        double scale = (options.Score == ScoreFunction.ScaledDotProduct ? 1 / Math.Sqrt(headWidth) : 1) / options.Temperature;
        Projection = new PackedLinear<T>(queriesKeysValues, model, heads.Length, (float)scale);
        Output = new PackedLinear<T>(model, heads);
        Expand = new PackedLinear<T>(hidden, model);
        Contract = new PackedLinear<T>(model, hidden);
        if (!weights.Has(ShawKeysName)) return;
        ShawKeys = new ShawVectors<T>(headWidth, options.PositionDetails.ClipDistance);
        ShawValues = new ShawVectors<T>(headWidth, options.PositionDetails.ClipDistance);
    }

    /// <summary>Query, key and value of all heads; queries carry the factor 1 / (sqrt(Dh) T) of their scores.</summary>
    public PackedLinear<T> Projection { get; }

    /// <summary>From the joined heads to the model width.</summary>
    public PackedLinear<T> Output { get; }

    /// <summary>The feed-forward network's first linear map.</summary>
    public PackedLinear<T> Expand { get; }

    /// <summary>The feed-forward network's second linear map.</summary>
    public PackedLinear<T> Contract { get; }

    public ShawVectors<T>? ShawKeys { get; }

    public ShawVectors<T>? ShawValues { get; }

    /// <summary>The norm of the attention sublayer.</summary>
    public NormWeights Norm1 { get; }

    /// <summary>The norm of the feed-forward sublayer.</summary>
    public NormWeights Norm2 { get; }

    /// <summary>Floats of a worker's gradient of everything that is packed.</summary>
    public long GradientCount => Projection.GradientCount + Output.GradientCount + Expand.GradientCount + Contract.GradientCount
        + 2 * NormWeights.GradientCount<T>(_width) + (ShawKeys?.GradientCount ?? 0) + (ShawValues?.GradientCount ?? 0);

    public void Pack()
    {
        Pack(Projection, "self_attn.in_proj_weight", "self_attn.in_proj_bias");
        Pack(Output, "self_attn.out_proj.weight", "self_attn.out_proj.bias");
        Pack(Expand, "linear1.weight", "linear1.bias");
        Pack(Contract, "linear2.weight", "linear2.bias");
        ShawKeys?.Pack(_weights.Of(ShawKeysName));
        ShawValues?.Pack(_weights.Of(ShawValuesName));
    }

    /// <summary>Adds a worker's padded gradients to the real ones.</summary>
    /// <param name="gradient">Of this layer, in the order projection, output, expand, contract, norms, Shaw keys, Shaw values.</param>
    /// <param name="target">All real gradients, in the order of the weights.</param>
    public void Unpack(float* gradient, float* target)
    {
        gradient = Unpack(Projection, gradient, target, "self_attn.in_proj_weight", "self_attn.in_proj_bias");
        gradient = Unpack(Output, gradient, target, "self_attn.out_proj.weight", "self_attn.out_proj.bias");
        gradient = Unpack(Expand, gradient, target, "linear1.weight", "linear1.bias");
        gradient = Unpack(Contract, gradient, target, "linear2.weight", "linear2.bias");
        Norm1.Unpack<T>(gradient, _width, target);
        gradient += NormWeights.GradientCount<T>(_width);
        Norm2.Unpack<T>(gradient, _width, target);
        gradient += NormWeights.GradientCount<T>(_width);
        if (ShawKeys is null || ShawValues is null) return;
        ShawKeys.Unpack(gradient, target + _weights.Offset(ShawKeysName));
        ShawValues.Unpack(gradient + ShawKeys.GradientCount, target + _weights.Offset(ShawValuesName));
    }

    public void Dispose()
    {
        Projection.Dispose();
        Output.Dispose();
        Expand.Dispose();
        Contract.Dispose();
        ShawKeys?.Dispose();
        ShawValues?.Dispose();
    }

    private string ShawKeysName => _name + "self_attn.positions.key";

    private string ShawValuesName => _name + "self_attn.positions.value";

    private void Pack(PackedLinear<T> linear, string weight, string bias) => linear.Pack(_weights.Of(_name + weight), _weights.Of(_name + bias));

    private float* Unpack(PackedLinear<T> linear, float* gradient, float* target, string weight, string bias)
    {
        linear.Unpack(gradient, target + _weights.Offset(_name + weight), target + _weights.Offset(_name + bias));
        return gradient + linear.GradientCount;
    }
}
