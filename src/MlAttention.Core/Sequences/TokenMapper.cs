namespace MlAttention.Core.Sequences;

/// <summary>From a text's keys to the sequence that a model reads: cut to its length, CLS first, an id for the unknown. The same for training, scoring and serving.</summary>
/// <param name="cut">How a text that is too long is cut.</param>
/// <param name="vocabularySize">Number of keys V.</param>
/// <param name="specialTokens">How many CLS stand before the text; 0 where batches add them.</param>
internal sealed class TokenMapper(SequenceCut cut, int vocabularySize, int specialTokens = 0)
{
    /// <summary>Maps to the sequences of a model.</summary>
    public TokenMapper(SequenceModelOptions model, int vocabularySize)
        : this(model.Cut, vocabularySize, model.SpecialTokens) { }

    /// <summary>Tokens of the sequence of a text, with CLS.</summary>
    public int Length(int textTokens) => cut.Kept(textTokens) + specialTokens;

    /// <summary>Tokens of a text that its sequence leaves out.</summary>
    public int Cut(int textTokens) => cut.Left(textTokens);

    /// <summary>Writes the sequence of a text's keys (0 = unknown, 1..V).</summary>
    /// <returns>Its length.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A key is outside 0..V.</exception>
    public int FromKeys(ReadOnlySpan<int> keys, Span<int> sequence)
    {
        var ids = AfterSpecial(sequence);
        int count = cut.Copy(keys, ids);
        foreach (ref int id in ids[..count])
        {
            if ((uint)id > (uint)vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(keys), $"The sequence has key {id}; the vocabulary's keys are 1 to {vocabularySize}, and 0 for a missing value.");
            if (id == 0) id = TokenIds.Unknown(vocabularySize);
        }
        return specialTokens + count;
    }

    /// <summary>The sequence of a text's keys.</summary>
    public int[] FromKeys(ReadOnlySpan<int> keys)
    {
        int[] sequence = new int[Length(keys.Length)];
        FromKeys(keys, sequence);
        return sequence;
    }

    /// <summary>Writes the sequence of a text whose tokens are ids already.</summary>
    public void FromIds(ReadOnlySpan<int> ids, Span<int> sequence) => cut.Copy(ids, AfterSpecial(sequence));

    /// <summary>Writes the labels of a text's tokens where the tokens stand in their sequence; the special ones keep what is there.</summary>
    public void FromLabels(ReadOnlySpan<int> labels, Span<int> sequence) => cut.Copy(labels, sequence[specialTokens..]);

    /// <summary>Where each of so many tokens of a text stands in its sequence; -1 for those that are cut.</summary>
    public int[] Places(int textTokens)
    {
        int[] places = new int[textTokens], tokens = new int[Length(textTokens)];
        places.AsSpan().Fill(-1);
        tokens.AsSpan().Fill(-1);
        FromLabels([.. Enumerable.Range(0, textTokens)], tokens);
        for (int place = 0; place < tokens.Length; place++)
            if (tokens[place] >= 0) places[tokens[place]] = place;
        return places;
    }

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
