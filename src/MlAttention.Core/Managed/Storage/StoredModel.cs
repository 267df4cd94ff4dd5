namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// A classifier as the kernels read it: its weights, what lies where, and the tables that follow from them, which are filled once a
/// training step, once and for all when scoring. Workers only read it.
/// </summary>
internal sealed unsafe class StoredModel<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly float* _relativeBias;

    /// <summary>Makes room for the weights, which are zero.</summary>
    /// <param name="configuration">The architecture and its sizes.</param>
    public StoredModel(EngineConfiguration configuration)
    {
        Options = configuration.Model;
        var forms = Enumerable.Range(0, Options.Layers).SelectMany(layer => StoredLayer<T>.Forms(Options, layer)).Concat(StoredVocabulary<T>.Forms(configuration)).ToDictionary();
        var weights = Weights = new FlatWeights(WeightLayout.Of(Options, configuration.EmbeddingRows, configuration.Classes), forms);
        Classes = configuration.Classes;
        Width = TokenLayout<T>.Pad(Options.ModelWidth);
        HiddenWidth = TokenLayout<T>.Pad(Options.FeedForwardWidth);
        MaxLength = Options.MaxLength;
        int headWidth = Options.ModelWidth / Options.Heads;
        JoinedWidth = Options.Heads * TokenLayout<T>.Pad(headWidth);
        Tables = new ScoreTables<T>(Options, MaxLength);
        if (Options.Positions == PositionScheme.Rotary) Rotary = new RotaryTable<T>(Options, MaxLength);
        if (weights.Has("positions.bias")) _relativeBias = weights.Of("positions.bias");
        Layers = [.. Enumerable.Range(0, Options.Layers).Select(layer => new StoredLayer<T>(Options, weights, forms, layer))];
        Positions = AddedPositions();
        if (Options.Norm == NormPlacement.Pre) FinalNorm = new NormWeights(weights, "encoder.norm.");
        if (Options.EmbeddingNorm) EmbeddingNorm = new NormWeights(weights, WeightLayout.EmbeddingNormName + ".");
        if (configuration.HasTiedHead) Vocabulary = new StoredVocabulary<T>(configuration, weights, forms);
        EmbeddingOffset = weights.Offset(WeightLayout.EmbeddingName);
        PositionOffset = Options.Positions == PositionScheme.Learned ? weights.Offset("positions.weight") + (long)Options.PositionDetails.LearnedOffset * Options.ModelWidth : -1;
        TokenTypeOffset = Options.TokenTypes > 0 ? weights.Offset(WeightLayout.TokenTypesName) : -1;
    }

    public SequenceModelOptions Options { get; }

    public FlatWeights Weights { get; }

    public int Classes { get; }

    /// <summary>The tied head, of which the embedding is a part, or null.</summary>
    public StoredVocabulary<T>? Vocabulary { get; }

    /// <summary>Where the embedding lies among the weights: row by row, unless it is a part of <see cref="Vocabulary"/>.</summary>
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

    public IReadOnlyList<StoredLayer<T>> Layers { get; }

    public ScoreTables<T> Tables { get; }

    public RotaryTable<T>? Rotary { get; }

    /// <summary>[MaxLength,D], added to the embeddings, or null. Learned positions are read from the weights.</summary>
    public NativeBuffer? Positions { get; }

    /// <summary>Brings what follows from the weights up to date with them.</summary>
    public void FillTables()
    {
        foreach (var layer in Layers) layer.FillTables();
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
        Weights.Dispose();
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
