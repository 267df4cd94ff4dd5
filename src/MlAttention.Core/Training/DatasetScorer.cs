namespace MlAttention.Core.Training;

/// <summary>Scores all rows of a dataset.</summary>
internal static class DatasetScorer
{
    private const int BatchRows = 64;

    /// <summary>Most logits of a batch, of which one row may have more: 64 MB, where the classes are a vocabulary.</summary>
    private const int MostLogits = 1 << 24;

    /// <summary>Hands every row's logits over, in batches of similar length.</summary>
    /// <param name="scorer">Writes the logits [B,C] of a batch, or [B,L,C]: an engine's or a scorer's Score.</param>
    /// <param name="texts">The rows.</param>
    /// <param name="model">The architecture.</param>
    /// <param name="reader">Takes each row's number in the dataset and its logits: [C], or [L,C] where each token has its own, padding included.</param>
    public static void Score(Action<TokenBatch, Span<float>> scorer, TokenDataset texts, SequenceModelOptions model, Action<int, ReadOnlySpan<float>> reader) =>
        Score(scorer, texts, model, ByLength(texts, model), reader);

    /// <summary>Hands every row's logits over, in the given batches.</summary>
    public static void Score(Action<TokenBatch, Span<float>> scorer, TokenDataset texts, SequenceModelOptions model, IEnumerable<ArraySegment<int>> batches, Action<int, ReadOnlySpan<float>> reader) =>
        ScoreBatches(scorer, texts, model, batches, (rows, _, logits) =>
        {
            int width = logits.Length / rows.Count;
            for (int i = 0; i < rows.Count; i++) reader(rows[i], logits.Slice(i * width, width));
        });

    /// <summary>How well an engine scores all rows.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="dataset">The rows, with targets.</param>
    /// <param name="model">The architecture.</param>
    /// <param name="labels">What the classes are called, or null when nothing says so.</param>
    public static SequenceEvaluation Evaluate(ISequenceEngine engine, TokenDataset dataset, SequenceModelOptions model, IReadOnlyList<string>? labels = null)
    {
        var evaluation = Objective.Of(model.Task).NewEvaluation(dataset.ClassCount, labels);
        ScoreBatches(engine.Score, dataset, model, ByLength(dataset, model), (_, batch, logits) => evaluation.Add(batch, logits));
        return evaluation.Result();
    }

    private static void ScoreBatches(Action<TokenBatch, Span<float>> scorer, TokenDataset texts, SequenceModelOptions model, IEnumerable<ArraySegment<int>> batches,
        Action<ArraySegment<int>, TokenBatch, ReadOnlySpan<float>> reader)
    {
        var objective = Objective.Of(model.Task);
        float[] logits = [];
        var builder = new BatchBuilder(texts, model, []);
        foreach (var rows in batches)
        {
            var batch = builder.Build(rows);
            int count = objective.Vectors(batch) * texts.ClassCount;
            if (logits.Length < count) logits = new float[count];
            scorer(batch, logits.AsSpan(0, count));
            reader(rows, batch, logits.AsSpan(0, count));
        }
    }

    private static IReadOnlyList<ArraySegment<int>> ByLength(TokenDataset texts, SequenceModelOptions model)
    {
        var builder = new BatchBuilder(texts, model, []);
        int[] lengths = [.. Enumerable.Range(0, texts.Count).Select(builder.Length)];
        int rows = model.Task.IsPerToken ? Math.Clamp(MostLogits / (Math.Max(1, lengths.Max()) * texts.ClassCount), 1, BatchRows) : BatchRows;
        return new BatchPlanner(lengths, rows, seed: 0).ByLength();
    }
}
