using MlAttention.Architecture;
using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

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
        var encoding = SinusoidalTable.Of(MaxLength, width, Options.PositionDetails.SinusoidalBase, Options.PositionDetails.SinusoidalInterleaved);
        var table = new NativeBuffer((long)MaxLength * width);
        for (int position = 0; position < MaxLength; position++)
        {
            for (int i = 0; i < width; i++) table.Start[(nint)position * width + i] = (float)encoding[position, i];
        }
        return table;
    }
}
