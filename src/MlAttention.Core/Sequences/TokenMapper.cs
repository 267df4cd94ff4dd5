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
        var ids = AfterSpecial(sequence);
        for (int i = 0; i < kept.Length; i++)
        {
            int key = kept[i];
            if ((uint)key > (uint)vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(keys), $"The sequence has key {key}; the vocabulary's keys are 1 to {vocabularySize}, and 0 for a missing value.");
            ids[i] = key == 0 ? TokenIds.Unknown(vocabularySize) : key;
        }
        return specialTokens + kept.Length;
    }

    /// <summary>The sequence of a text's keys.</summary>
    public int[] FromKeys(ReadOnlySpan<int> keys)
    {
        int[] sequence = new int[Length(keys.Length)];
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

/// <summary>
/// What the numbers of a batch of tokens stand for, with V tokens in the vocabulary: 0 pads, 1 to V are the vocabulary's keys, V + 1 is any
/// unknown token, and V + 2 is CLS, which stands before the text where the pooling reads it.
/// </summary>
internal static class TokenIds
{
    /// <summary>The id of a token that is not in the vocabulary.</summary>
    public static int Unknown(int vocabularySize) => vocabularySize + 1;

    /// <summary>The id of CLS.</summary>
    public static int Cls(int vocabularySize) => vocabularySize + 2;

    /// <summary>Rows of the embedding that all ids of a model need.</summary>
    public static int EmbeddingRows(int vocabularySize, SequenceModelOptions model) => vocabularySize + 2 + model.SpecialTokens;

    /// <summary>A token as a reader of the report sees it.</summary>
    public static string Name(int id, IReadOnlyList<string> vocabulary) =>
        id <= vocabulary.Count ? vocabulary[id - 1] : id == Unknown(vocabulary.Count) ? "[unknown]" : "[CLS]";
}
