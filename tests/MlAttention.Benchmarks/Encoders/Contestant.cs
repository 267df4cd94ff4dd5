using MlAttention.Core.Weights;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>One of the encoders that docs/COMPARISON.md compares: of one width, and as near to 50,000 weights as whole layers allow.</summary>
/// <param name="Name">Its name in tables and pictures.</param>
/// <param name="Model">Its architecture.</param>
internal sealed record Contestant(string Name, SequenceModelOptions Model)
{
    public const int Width = 64, WindowRadius = 16;

    private static readonly SequenceModelOptions s_attention = new() { ModelWidth = Width, Layers = 2, FeedForwardWidth = 64, MaxLength = 4096, Dropout = 0 };
    private static readonly SequenceModelOptions s_other = s_attention with { Positions = PositionScheme.None };

    public static Contestant Attention { get; } = new("attention", s_attention);

    /// <summary>Each token sees its neighbours alone: the restricted self-attention of Vaswani et al. 2017, section 4.</summary>
    public static Contestant Window { get; } = new("attention, window 16", s_attention with { Mask = MaskKind.LocalWindow, Algorithm = AttentionAlgorithm.LocalWindow, WindowRadius = WindowRadius });

    public static Contestant Lstm { get; } = new("LSTM", s_other with { Encoder = EncoderKind.Lstm, Layers = 2 });

    public static Contestant Gru { get; } = new("GRU", s_other with { Encoder = EncoderKind.Gru, Layers = 3 });

    public static Contestant Cnn { get; } = new("CNN", s_other with { Encoder = EncoderKind.Cnn, Layers = 4 });

    /// <summary>No token sees another: what context is worth shows against it.</summary>
    public static Contestant Bag { get; } = new("bag of embeddings", s_other with { Encoder = EncoderKind.BagOfEmbeddings });

    /// <summary>The four that courses compare.</summary>
    public static IReadOnlyList<Contestant> Courses { get; } = [Attention, Lstm, Gru, Cnn];

    /// <summary>Those that are trained on data sets, where GRU and LSTM are alike: one RNN stands for both.</summary>
    public static IReadOnlyList<Contestant> Trained { get; } = [Attention, Lstm, Cnn, Bag];

    /// <summary>Those whose time, reach and memory is measured.</summary>
    public static IReadOnlyList<Contestant> Timed { get; } = [Attention, Window, Lstm, Gru, Cnn];

    /// <summary>Forms of the same attention that differ in memory alone: dropout of weights needs the matrix of weights.</summary>
    public static IReadOnlyList<Contestant> Measured { get; } =
    [
        new("attention, n x n weights", s_attention with { Dropout = 0.1 }), Attention, new("attention, chunked", s_attention with { Algorithm = AttentionAlgorithm.Chunked }), Window, Lstm, Gru, Cnn,
    ];

    /// <summary>The encoder with some other number of layers, or its own.</summary>
    public SequenceEncoder NewEncoder(int? layers = null) => SequenceEncoder.Create(layers is { } count ? Model with { Layers = count } : Model);

    /// <summary>The encoder's weights, without embedding and head.</summary>
    public long Parameters => WeightLayout.Of(Model, embeddingRows: 1, classes: 1).Where(weight => weight.Name.StartsWith("encoder.", StringComparison.Ordinal)).Sum(weight => weight.Shape.Aggregate(1L, (size, side) => size * side));
}
