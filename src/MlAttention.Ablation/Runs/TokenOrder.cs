namespace MlAttention.Ablation.Runs;

/// <summary>The same texts with their tokens in another order. CLS is added to batches later, so it stays in place.</summary>
internal static class TokenOrder
{
    /// <summary>Each text's tokens in a random order of its own.</summary>
    public static TokenDataset Shuffled(TokenDataset texts, long seed)
    {
        var random = Xoshiro256.For(seed, "token order");
        return Reordered(texts, tokens => random.Shuffle(tokens));
    }

    /// <summary>Each text backwards.</summary>
    public static TokenDataset Reversed(TokenDataset texts) => Reordered(texts, tokens => tokens.Reverse());

    private delegate void Reorder(Span<int> tokens);

    private static TokenDataset Reordered(TokenDataset texts, Reorder reorder)
    {
        int[] tokens = [.. texts.Tokens];
        for (int row = 0; row < texts.Count; row++) reorder(tokens.AsSpan(texts.Offsets[row], texts.Length(row)));
        return new(texts.VocabularySize, texts.ClassCount, tokens, texts.Offsets, texts.Labels, texts.RowWeights)
        {
            Groups = texts.Groups,
            TruncatedRows = texts.TruncatedRows,
            TruncatedTokens = texts.TruncatedTokens,
            SkippedRows = texts.SkippedRows,
        };
    }
}
