using MlAttention.Core.Text;

namespace MlAttention.Core.Serving;

/// <summary>Everything that turns a text into a vector.</summary>
internal sealed record TextEmbedderParts
{
    /// <summary>What the encoder is called.</summary>
    public required string Name { get; init; }

    public required PretrainedTokenizer Tokenizer { get; init; }

    /// <summary>The architecture, whose pooling makes a text's vector.</summary>
    public required SequenceModelOptions Architecture { get; init; }

    /// <summary>Whether vectors are scaled to length 1.</summary>
    public required bool Normalizes { get; init; }

    /// <summary>The encoder's weights, without a head.</summary>
    public required IReadOnlyList<WeightTensor> Weights { get; init; }

    /// <summary>An encoder's parts, with what the options change.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such value.</exception>
    public static TextEmbedderParts Of(PretrainedEncoder encoder, TextEmbedderOptions options)
    {
        var given = encoder.Architecture;
        // A trained classifier's head reads what it was trained on, which need not be what vectors of texts are compared by.
        var pooling = options.Pooling ?? (encoder.HeadWeights.Count > 0 ? PoolingKind.Mean : given.Pooling);
        var architecture = given with { Head = HeadKind.Linear, Pooling = pooling, MaxLength = options.MaxLength ?? given.MaxLength };
        const int shortest = SequenceCut.LeastWithBoundaries;
        var errors = new OptionErrors(nameof(TextEmbedderOptions));
        errors.Require(pooling is PoolingKind.Mean or PoolingKind.Max or PoolingKind.First or PoolingKind.Last, nameof(options.Pooling), pooling, "must be Mean, Max, First or Last: the encoder has no weights for another");
        errors.Require(architecture.MaxLength >= shortest && architecture.MaxLength <= given.MostPositions, nameof(options.MaxLength), architecture.MaxLength, $"must be from {shortest} to {given.MostPositions} tokens");
        errors.ThrowIfAny();
        return new TextEmbedderParts { Name = encoder.Name, Tokenizer = encoder.Tokenizer, Architecture = architecture, Normalizes = options.Normalize ?? encoder.Normalizes, Weights = encoder.Weights };
    }
}

/// <summary>One thread's memory between texts and their vectors, used again for every batch.</summary>
/// <param name="parts">What turns a text into a vector.</param>
/// <param name="vocabulary">The tokenizer's tokens.</param>
/// <param name="scorer">The encoder.</param>
/// <param name="capacity">Most texts of a batch.</param>
internal sealed class EmbeddingBatch(TextEmbedderParts parts, Vocabulary vocabulary, ISequenceScorer scorer, int capacity)
{
    private readonly int _width = parts.Architecture.ModelWidth;

    /// <summary>The texts.</summary>
    public TextBatch Texts { get; } = new(new TokenizeSequenceOptions { Tokenizer = TokenizerKind.Pretrained, Pretrained = parts.Tokenizer }, vocabulary, parts.Architecture, capacity);

    /// <summary>The vectors [rows, D] of the first rows' texts.</summary>
    public void Run(int rows, Span<float> vectors)
    {
        scorer.Encode(Texts.Of(rows), vectors);
        if (!parts.Normalizes) return;
        for (int row = 0; row < rows; row++) Normalize(vectors.Slice(row * _width, _width));
    }

    /// <summary>vector := vector / max(length of vector, 1e-12).</summary>
    private static void Normalize(Span<float> vector)
    {
        double squares = 0;
        foreach (float value in vector) squares += (double)value * value;
        float length = (float)Math.Max(Math.Sqrt(squares), 1e-12);
        foreach (ref float value in vector) value /= length;
    }
}
