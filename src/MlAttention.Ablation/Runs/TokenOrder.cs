namespace MlAttention.Ablation.Runs;

/// <summary>The same texts with their tokens in another order. CLS is added to batches later, so it stays in place.</summary>
internal static class TokenOrder
{
    /// <summary>Each text's tokens in a random order of its own; of a text of several parts, those of each part that is tried among themselves.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="seed">Chooses the orders.</param>
    /// <param name="separator">The key that separates parts; null where texts have one.</param>
    /// <param name="parts">Which parts are tried.</param>
    public static TokenDataset Shuffled(TokenDataset texts, long seed, int? separator = null, OrderedParts parts = OrderedParts.All)
    {
        var random = Xoshiro256.For(seed, "token order");
        return Reordered(texts, tokens => random.Shuffle(tokens), separator, parts);
    }

    /// <summary>Each text, or each part that is tried, backwards.</summary>
    /// <inheritdoc cref="Shuffled"/>
    public static TokenDataset Reversed(TokenDataset texts, int? separator = null, OrderedParts parts = OrderedParts.All) => Reordered(texts, tokens => tokens.Reverse(), separator, parts);

    private delegate void Reorder(Span<int> tokens);

    private static TokenDataset Reordered(TokenDataset texts, Reorder reorder, int? separator, OrderedParts parts)
    {
        int[] tokens = [.. texts.Tokens];
        for (int row = 0; row < texts.Count; row++)
        {
            var text = new ArraySegment<int>(tokens, texts.Offsets[row], texts.Length(row));
            foreach (var (start, length) in TextSegments.Reordered(text, separator ?? 0, parts)) reorder(text.AsSpan(start, length)); // 0 pads, and stands in no text
        }
        return new(texts.VocabularySize, texts.ClassCount, tokens, texts.Offsets, texts.Labels, texts.RowWeights)
        {
            Groups = texts.Groups,
            TruncatedRows = texts.TruncatedRows,
            TruncatedTokens = texts.TruncatedTokens,
            SkippedRows = texts.SkippedRows,
        };
    }
}
