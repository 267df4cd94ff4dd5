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
    /// <param name="trains">Whether there is a backward pass, through all layers that are not frozen.</param>
    public PackedModel(EngineConfiguration configuration, FlatWeights weights, bool trains)
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
        Layers = [.. Enumerable.Range(0, Options.Layers).Select(layer => new PackedLayer<T>(Options, weights, layer, trains && layer >= configuration.FrozenLayers))];
        Positions = AddedPositions();
        if (Options.Norm == NormPlacement.Pre) FinalNorm = new NormWeights(weights, "encoder.norm.");
        if (Options.EmbeddingNorm) EmbeddingNorm = new NormWeights(weights, WeightLayout.EmbeddingNormName + ".");
        EmbeddingOffset = weights.Offset(WeightLayout.EmbeddingName);
        PositionOffset = Options.Positions == PositionScheme.Learned ? weights.Offset("positions.weight") + (long)Options.PositionDetails.LearnedOffset * Options.ModelWidth : -1;
        TokenTypeOffset = Options.TokenTypes > 0 ? weights.Offset(WeightLayout.TokenTypesName) : -1;
    }

    public SequenceModelOptions Options { get; }

    public FlatWeights Weights { get; }

    public int Classes { get; }

    /// <summary>Where the embedding lies among the weights.</summary>
    public long EmbeddingOffset { get; }

    /// <summary>Where the learned vector of the first position lies among the weights; -1 when there are none.</summary>
    public long PositionOffset { get; }

    /// <summary>Where the vector of token type 0 lies among the weights; -1 when there are no types.</summary>
    public long TokenTypeOffset { get; }

    /// <summary>The norm before the first layer, if there is one.</summary>
    public NormWeights? EmbeddingNorm { get; }

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

    /// <summary>Brings the tables up to date with the weights; the panels are the layers'.</summary>
    public void PackTables()
    {
        if (_relativeBias != null) Tables.Fill(_relativeBias);
    }

    /// <summary>A norm over blocks of tokens, and where it keeps what its backward pass needs.</summary>
    public LayerNorm Kept(NormWeights norm, int blocks, float* normalized, float* inverseDeviation) => new()
    {
        Blocks = blocks,
        Width = Options.ModelWidth,
        PaddedWidth = Width,
        Epsilon = (float)Options.LayerNormEpsilon,
        Gain = norm.Gain,
        Bias = norm.Bias,
        Normalized = normalized,
        InverseDeviation = inverseDeviation,
    };

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
    /// <summary>Parts that are packed, and whose gradients are unpacked, each by itself: the linear maps, and the rest.</summary>
    public const int Parts = 5;
    private readonly FlatWeights _weights;
    private readonly string _name;
    private readonly int _width;
    private readonly (PackedLinear<T> Linear, string Weight, string Bias)[] _linears;

    public PackedLayer(SequenceModelOptions options, FlatWeights weights, int layer, bool trains)
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
        Projection = new PackedLinear<T>(queriesKeysValues, model, heads.Length, (float)scale, trains);
        Output = new PackedLinear<T>(model, heads, trains: trains);
        Expand = new PackedLinear<T>(hidden, model, trains: trains);
        Contract = new PackedLinear<T>(model, hidden, trains: trains);
        _linears = [.. new[] { Projection, Output, Expand, Contract }.Zip(LinearNames(layer), (linear, names) => (linear, names.Weight, names.Bias))];
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

    /// <summary>The names of the linear maps' weights, in the order in which their gradients lie.</summary>
    public static IReadOnlyList<(string Weight, string Bias)> LinearNames(int layer) =>
        [.. new[] { "self_attn.in_proj_", "self_attn.out_proj.", "linear1.", "linear2." }.Select(name => ($"encoder.layers.{layer}.{name}weight", $"encoder.layers.{layer}.{name}bias"))];

    /// <summary>Brings one part up to date with the weights.</summary>
    public void Pack(int part)
    {
        if (part < _linears.Length)
        {
            var (linear, weight, bias) = _linears[part];
            linear.Pack(_weights.Of(weight), _weights.Of(bias));
            return;
        }
        ShawKeys?.Pack(_weights.Of(ShawKeysName));
        ShawValues?.Pack(_weights.Of(ShawValuesName));
    }

    /// <summary>Packs weights that lie elsewhere; the other parts are read where all weights lie.</summary>
    public void Pack(int part, float* weight, float* bias) => _linears[part].Linear.Pack(weight, bias);

    /// <summary>Adds a worker's padded gradients of one part to the real ones and clears them.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="gradient">Of this layer.</param>
    /// <param name="target">All real gradients, in the order of the weights.</param>
    public void Unpack(int part, in LayerGradients gradient, float* target)
    {
        if (part < _linears.Length)
        {
            var (linear, weight, bias) = _linears[part];
            float* own = part switch { 0 => gradient.Projection, 1 => gradient.Output, 2 => gradient.Expand, _ => gradient.Contract };
            linear.Unpack(own, target + _weights.Offset(weight), target + _weights.Offset(bias));
            return;
        }
        Norm1.Unpack<T>(gradient.Norm1, _width, target);
        Norm2.Unpack<T>(gradient.Norm2, _width, target);
        ShawKeys?.Unpack(gradient.Heads.ShawKeys, target + _weights.Offset(ShawKeysName));
        ShawValues?.Unpack(gradient.Heads.ShawValues, target + _weights.Offset(ShawValuesName));
        new Span<float>(gradient.Norm1, checked((int)(GradientCount - (gradient.Norm1 - gradient.Projection)))).Clear();
    }

    public void Dispose()
    {
        foreach (var (linear, _, _) in _linears) linear.Dispose();
        ShawKeys?.Dispose();
        ShawValues?.Dispose();
    }

    private string ShawKeysName => _name + "self_attn.positions.key";

    private string ShawValuesName => _name + "self_attn.positions.value";
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
