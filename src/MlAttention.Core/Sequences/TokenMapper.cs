namespace MlAttention.Core.Sequences;

/// <summary>From a text's keys to the sequence that a model reads: cut to its length, CLS first, an id for the unknown. The same for training, scoring and serving.</summary>
/// <param name="maxTextTokens">Most tokens of a text.</param>
/// <param name="vocabularySize">Number of keys V.</param>
/// <param name="truncation">Which end of a longer text is kept.</param>
/// <param name="specialTokens">How many CLS stand before the text; 0 where batches add them.</param>
internal sealed class TokenMapper(int maxTextTokens, int vocabularySize, TruncationSide truncation, int specialTokens = 0)
{
    /// <summary>Maps to the sequences of a model.</summary>
    public TokenMapper(SequenceModelOptions model, int vocabularySize)
        : this(model.MaxTextTokens, vocabularySize, model.Truncation, model.SpecialTokens) { }

    /// <summary>Tokens of the sequence of a text, with CLS.</summary>
    public int Length(int textTokens) => Math.Min(textTokens, maxTextTokens) + specialTokens;

    /// <summary>Tokens of a text that its sequence leaves out.</summary>
    public int Cut(int textTokens) => Math.Max(0, textTokens - maxTextTokens);

    /// <summary>Writes the sequence of a text's keys (0 = unknown, 1..V).</summary>
    /// <returns>Its length.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A key is outside 0..V.</exception>
    public int FromKeys(ReadOnlySpan<int> keys, Span<int> sequence)
    {
        var kept = truncation.Keep(keys, maxTextTokens);
        TokenIds.FromKeys(kept, vocabularySize, AfterSpecial(sequence));
        return specialTokens + kept.Length;
    }

    /// <summary>The sequence of a text's keys.</summary>
    public int[] FromKeys(ReadOnlySpan<int> keys)
    {
        var sequence = new int[Length(keys.Length)];
        FromKeys(keys, sequence);
        return sequence;
    }

    /// <summary>Writes the sequence of a text whose tokens are ids already.</summary>
    public void FromIds(ReadOnlySpan<int> ids, Span<int> sequence) => truncation.Keep(ids, maxTextTokens).CopyTo(AfterSpecial(sequence));

    private Span<int> AfterSpecial(Span<int> sequence)
    {
        sequence[..specialTokens].Fill(TokenIds.Cls(vocabularySize));
        return sequence[specialTokens..];
    }
}
