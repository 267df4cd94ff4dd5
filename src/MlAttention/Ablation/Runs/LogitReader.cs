using MlAttention.Architecture;
using MlAttention.Data;
using MlAttention.Engines;
using MlAttention.Training;

namespace MlAttention.Ablation.Runs;

/// <summary>The logits of all texts of a dataset, and what follows from them.</summary>
internal sealed class LogitReader(ISequenceScorer scorer, SequenceModelOptions model)
{
    private const int BatchRows = 64;

    /// <summary>Logits [rows, C], row-major in the dataset's order.</summary>
    public float[] Read(TokenDataset texts)
    {
        int classes = texts.ClassCount;
        float[] logits = new float[texts.Count * classes], ofBatch = new float[BatchRows * classes];
        var batches = new BatchBuilder(texts, model, model.Truncation, []);
        int[] lengths = [.. Enumerable.Range(0, texts.Count).Select(batches.Length)];
        foreach (var rows in new BatchPlanner(lengths, BatchRows, seed: 0).ByLength())
        {
            scorer.Score(batches.Build(rows), ofBatch.AsSpan(0, rows.Count * classes));
            for (int i = 0; i < rows.Count; i++) ofBatch.AsSpan(i * classes, classes).CopyTo(logits.AsSpan(rows[i] * classes));
        }
        return logits;
    }

    /// <summary>The class with the largest logit of each row; of equal ones the first.</summary>
    public static int[] Predictions(float[] logits, int classes)
    {
        int[] predictions = new int[logits.Length / classes];
        for (int row = 0; row < predictions.Length; row++) predictions[row] = Softmax.IndexOfLargest(logits.AsSpan(row * classes, classes));
        return predictions;
    }

    /// <summary>The largest difference of two logits at the same place.</summary>
    public static double LargestChange(float[] first, float[] second)
    {
        double largest = 0;
        for (int i = 0; i < first.Length; i++) largest = Math.Max(largest, Math.Abs((double)first[i] - second[i]));
        return largest;
    }
}
