using MlAttention.Data;
using MlAttention.Encoders;
using MlAttention.Engines;

namespace MlAttention.Training;

/// <summary>Mean loss and accuracy of all rows of a dataset, each row counting once.</summary>
internal static class SequenceEvaluator
{
    private const int BatchRows = 64;

    /// <summary>Scores the rows in batches of similar length.</summary>
    /// <returns>The mean cross entropy in nats, without label smoothing and row weights, and the part of rows classified rightly.</returns>
    public static (double Loss, double Accuracy) Evaluate(ISequenceEngine engine, TokenDataset dataset, SequenceModelOptions model, TruncationSide truncation)
    {
        var builder = new BatchBuilder(dataset, model, truncation, []);
        var lengths = Enumerable.Range(0, dataset.Count).Select(builder.Length).ToArray();
        var classes = dataset.ClassCount;
        var logits = new float[BatchRows * classes];
        var loss = 0.0;
        var right = 0;
        foreach (var rows in new BatchPlanner(lengths, BatchRows, seed: 0).ByLength())
        {
            var batch = builder.Build(rows);
            engine.Score(batch, logits.AsSpan(0, batch.Rows * classes));
            for (var row = 0; row < batch.Rows; row++)
            {
                var rowLogits = logits.AsSpan(row * classes, classes);
                loss += CrossEntropy(rowLogits, batch.Labels[row]);
                if (Softmax.IndexOfLargest(rowLogits) == batch.Labels[row]) right++;
            }
        }
        return (loss / dataset.Count, (double)right / dataset.Count);
    }

    /// <summary>log sum exp(logits) - logit of the label.</summary>
    private static double CrossEntropy(ReadOnlySpan<float> logits, int label)
    {
        double largest = logits[Softmax.IndexOfLargest(logits)];
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum) - logits[label];
    }
}
