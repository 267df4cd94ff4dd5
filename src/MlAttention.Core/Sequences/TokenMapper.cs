namespace MlAttention.Core.Sequences;

/// <summary>From a text's keys to the sequence that a model reads: cut to its length, CLS first, an id for the unknown. The same for training, scoring and serving.</summary>
internal sealed class TokenMapper
{
    private readonly int _vocabularySize;
    private readonly int _maxTextTokens;
    private readonly int _specialTokens;
    private readonly TruncationSide _truncation;

    /// <summary>Maps to the sequences of a model.</summary>
    public TokenMapper(SequenceModelOptions model, int vocabularySize)
        : this(model.MaxTextTokens, model.SpecialTokens, vocabularySize, model.Truncation) { }

    private TokenMapper(int maxTextTokens, int specialTokens, int vocabularySize, TruncationSide truncation)
    {
        _maxTextTokens = maxTextTokens;
        _specialTokens = specialTokens;
        _vocabularySize = vocabularySize;
        _truncation = truncation;
    }

    /// <summary>Maps to sequences of texts alone, to which batches add CLS.</summary>
    public static TokenMapper WithoutCls(int maxTextTokens, int vocabularySize, TruncationSide truncation) => new(maxTextTokens, 0, vocabularySize, truncation);

    /// <summary>Tokens of the sequence of a text, with CLS.</summary>
    public int Length(int textTokens) => Math.Min(textTokens, _maxTextTokens) + _specialTokens;

    /// <summary>Tokens of a text that its sequence leaves out.</summary>
    public int Cut(int textTokens) => Math.Max(0, textTokens - _maxTextTokens);

    /// <summary>Writes the sequence of a text's keys (0 = unknown, 1..V).</summary>
    /// <returns>Its length.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A key is outside 0..V.</exception>
    public int FromKeys(ReadOnlySpan<int> keys, Span<int> sequence)
    {
        var kept = _truncation.Keep(keys, _maxTextTokens);
        TokenIds.FromKeys(kept, _vocabularySize, AfterSpecial(sequence));
        return _specialTokens + kept.Length;
    }

    /// <summary>The sequence of a text's keys.</summary>
    public int[] FromKeys(ReadOnlySpan<int> keys)
    {
        var sequence = new int[Length(keys.Length)];
        FromKeys(keys, sequence);
        return sequence;
    }

    /// <summary>Writes the sequence of a text whose tokens are ids already.</summary>
    public void FromIds(ReadOnlySpan<int> ids, Span<int> sequence) => _truncation.Keep(ids, _maxTextTokens).CopyTo(AfterSpecial(sequence));

    private Span<int> AfterSpecial(Span<int> sequence)
    {
        sequence[.._specialTokens].Fill(TokenIds.Cls(_vocabularySize));
        return sequence[_specialTokens..];
    }
}
