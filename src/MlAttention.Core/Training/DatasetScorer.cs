namespace MlAttention.Core.Training;

/// <summary>Scores all rows of a dataset.</summary>
internal static class DatasetScorer
{
    private const int BatchRows = 64;

    /// <summary>Hands every row's logits over, in batches of similar length.</summary>
    /// <param name="scorer">Writes the logits [B,C] of a batch: an engine's or a scorer's Score.</param>
    /// <param name="texts">The rows.</param>
    /// <param name="model">The architecture.</param>
    /// <param name="reader">Takes each row's number in the dataset and its logits [C].</param>
    public static void Score(Action<TokenBatch, Span<float>> scorer, TokenDataset texts, SequenceModelOptions model, Action<int, ReadOnlySpan<float>> reader)
    {
        var builder = new BatchBuilder(texts, model, []);
        int[] lengths = [.. Enumerable.Range(0, texts.Count).Select(builder.Length)];
        Score(scorer, texts, model, new BatchPlanner(lengths, BatchRows, seed: 0).ByLength(), reader);
    }

    /// <summary>Hands every row's logits over, in the given batches.</summary>
    public static void Score(Action<TokenBatch, Span<float>> scorer, TokenDataset texts, SequenceModelOptions model, IEnumerable<ArraySegment<int>> batches, Action<int, ReadOnlySpan<float>> reader)
    {
        int classes = texts.ClassCount;
        float[] logits = [];
        var builder = new BatchBuilder(texts, model, []);
        foreach (var rows in batches)
        {
            if (logits.Length < rows.Count * classes) logits = new float[rows.Count * classes];
            scorer(builder.Build(rows), logits.AsSpan(0, rows.Count * classes));
            for (int i = 0; i < rows.Count; i++) reader(rows[i], logits.AsSpan(i * classes, classes));
        }
    }
}
