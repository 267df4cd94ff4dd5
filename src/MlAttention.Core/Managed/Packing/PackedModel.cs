namespace MlAttention.Core.Managed.Packing;

/// <summary>
/// The weights of a classifier in the layout of the kernels, and what follows from them. Packed once a training step, once and
/// for all when scoring; workers only read it.
/// </summary>
internal sealed unsafe class PackedModel<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly float* _relativeBias;

    /// <param name="configuration">The architecture and its sizes.</param>
    /// <param name="weights">The weights; the packed model reads embeddings, norms and the head from them directly.</param>
    public PackedModel(EngineConfiguration configuration, FlatWeights weights)
    {
        Options = configuration.Model;
        Weights = weights;
        Classes = configuration.Classes;
        Width = TokenLayout<T>.Pad(Options.ModelWidth);
        HiddenWidth = TokenLayout<T>.Pad(Options.FeedForwardWidth);
        MaxLength = Options.MaxLength;
        int headWidth = Options.ModelWidth / Options.Heads;
        JoinedWidth = Options.Heads * TokenLayout<T>.Pad(headWidth);
        Tables = new ScoreTables<T>(Options, MaxLength);
        if (Options.Positions == PositionScheme.Rotary) Rotary = new RotaryTable<T>(Options, MaxLength);
        if (weights.Has("positions.bias")) _relativeBias = weights.Of("positions.bias");
        Layers = [.. Enumerable.Range(0, Options.Layers).Select(layer => new PackedLayer<T>(Options, weights, layer))];
        Positions = AddedPositions();
        if (Options.Norm == NormPlacement.Pre) FinalNorm = new NormWeights(weights, "encoder.norm.");
        EmbeddingOffset = weights.Offset("embedding.weight");
        PositionOffset = Options.Positions == PositionScheme.Learned ? weights.Offset("positions.weight") : -1;
    }

    public SequenceModelOptions Options { get; }

    public FlatWeights Weights { get; }

    public int Classes { get; }

    /// <summary>Where the embedding lies among the weights.</summary>
    public long EmbeddingOffset { get; }

    /// <summary>Where the learned positions lie among the weights; -1 when there are none.</summary>
    public long PositionOffset { get; }

    /// <summary>The norm after the last layer, with pre norm.</summary>
    public NormWeights FinalNorm { get; }

    /// <summary>D padded to a multiple of N.</summary>
    public int Width { get; }

    /// <summary>The feed-forward width padded to a multiple of N.</summary>
    public int HiddenWidth { get; }

    /// <summary>Heads one behind the other, each padded to a multiple of N.</summary>
    public int JoinedWidth { get; }

    /// <summary>Longest sequence in tokens, with the CLS token.</summary>
    public int MaxLength { get; }

    public IReadOnlyList<PackedLayer<T>> Layers { get; }

    public ScoreTables<T> Tables { get; }

    public RotaryTable<T>? Rotary { get; }

    /// <summary>[MaxLength,D], added to the embeddings, or null. Learned positions are read from the weights.</summary>
    public NativeBuffer? Positions { get; }

    /// <summary>Brings the panels and tables up to date with the weights.</summary>
    public void Pack()
    {
        foreach (var layer in Layers) layer.Pack();
        if (_relativeBias != null) Tables.Fill(_relativeBias);
    }

    public void Dispose()
    {
        foreach (var layer in Layers) layer.Dispose();
        Tables.Dispose();
        Rotary?.Dispose();
        Positions?.Dispose();
    }

    private NativeBuffer? AddedPositions()
    {
        if (Options.Positions != PositionScheme.Sinusoidal) return null;
        int width = Options.ModelWidth;
        double[,] encoding = SinusoidalTable.Of(MaxLength, width, Options.PositionDetails.SinusoidalBase, Options.PositionDetails.SinusoidalInterleaved);
        var table = new NativeBuffer((long)MaxLength * width);
        float* next = table.Start;
        foreach (double value in encoding) *next++ = (float)value;
        return table;
    }
}

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
        foreach (var (linear, weight, bias) in Linears) linear.Pack(_weights.Of(_name + weight), _weights.Of(_name + bias));
        ShawKeys?.Pack(_weights.Of(ShawKeysName));
        ShawValues?.Pack(_weights.Of(ShawValuesName));
    }

    /// <summary>Adds a worker's padded gradients to the real ones.</summary>
    /// <param name="gradient">Of this layer.</param>
    /// <param name="target">All real gradients, in the order of the weights.</param>
    public void Unpack(in LayerGradients gradient, float* target)
    {
        float* next = gradient.Projection;
        foreach (var (linear, weight, bias) in Linears)
        {
            linear.Unpack(next, target + _weights.Offset(_name + weight), target + _weights.Offset(_name + bias));
            next += linear.GradientCount;
        }
        Norm1.Unpack<T>(gradient.Norm1, _width, target);
        Norm2.Unpack<T>(gradient.Norm2, _width, target);
        ShawKeys?.Unpack(gradient.Heads.ShawKeys, target + _weights.Offset(ShawKeysName));
        ShawValues?.Unpack(gradient.Heads.ShawValues, target + _weights.Offset(ShawValuesName));
    }

    public void Dispose()
    {
        foreach (var (linear, _, _) in Linears) linear.Dispose();
        ShawKeys?.Dispose();
        ShawValues?.Dispose();
    }

    private string ShawKeysName => _name + "self_attn.positions.key";

    private string ShawValuesName => _name + "self_attn.positions.value";

    /// <summary>The linear maps with the names of their weights, in the order in which their gradients lie.</summary>
    private (PackedLinear<T> Linear, string Weight, string Bias)[] Linears =>
    [
        (Projection, "self_attn.in_proj_weight", "self_attn.in_proj_bias"),
        (Output, "self_attn.out_proj.weight", "self_attn.out_proj.bias"),
        (Expand, "linear1.weight", "linear1.bias"),
        (Contract, "linear2.weight", "linear2.bias"),
    ];
}

/// <summary>Where a layer norm's gain and bias lie, in the weights and in the gradients.</summary>
internal readonly unsafe struct NormWeights
{
    private readonly float* _weights;
    private readonly long _gain, _bias;

    /// <param name="weights">All weights.</param>
    /// <param name="name">The norm's name with a dot behind it.</param>
    public NormWeights(FlatWeights weights, string name)
    {
        _weights = weights.Values;
        _gain = weights.Offset(name + "weight");
        _bias = weights.Offset(name + "bias");
    }

    public float* Gain => _weights + _gain;

    public float* Bias => _weights + _bias;

    /// <summary>Floats of a worker's gradient: [2][width][N], of gain and of bias, lane by lane.</summary>
    public static long GradientCount<T>(int width) where T : struct, ILanes<T> => 2L * width * T.Count;

    /// <summary>Adds a worker's gradient, summed over its lanes, to the real one.</summary>
    public void Unpack<T>(float* gradient, int width, float* target) where T : struct, ILanes<T>
    {
        for (int i = 0; i < width; i++)
        {
            target[_gain + i] += T.Sum(T.Load(gradient + (nint)i * T.Count));
            target[_bias + i] += T.Sum(T.Load(gradient + (nint)(width + i) * T.Count));
        }
    }
}
