using MlAttention.Architecture;
using MlAttention.Data;
using MlAttention.Engines;

namespace MlAttention.Training;

/// <summary>How well all rows of a dataset are classified, each row counting once.</summary>
/// <param name="Loss">Mean cross entropy in nats, without label smoothing and row weights.</param>
/// <param name="Accuracy">The part of the rows classified rightly.</param>
/// <param name="MacroF1">Mean F1 of the classes that are there or predicted.</param>
internal sealed record SequenceEvaluation(double Loss, double Accuracy, double MacroF1)
{
    private const int BatchRows = 64;

    /// <summary>Scores the rows in batches of similar length.</summary>
    public static SequenceEvaluation Of(ISequenceEngine engine, TokenDataset dataset, SequenceModelOptions model)
    {
        var builder = new BatchBuilder(dataset, model, model.Truncation, []);
        var lengths = Enumerable.Range(0, dataset.Count).Select(builder.Length).ToArray();
        var classes = dataset.ClassCount;
        var logits = new float[BatchRows * classes];
        var loss = 0.0;
        int[] right = new int[classes], predicted = new int[classes];
        foreach (var rows in new BatchPlanner(lengths, BatchRows, seed: 0).ByLength())
        {
            var batch = builder.Build(rows);
            engine.Score(batch, logits.AsSpan(0, batch.Rows * classes));
            for (var row = 0; row < batch.Rows; row++)
            {
                var rowLogits = logits.AsSpan(row * classes, classes);
                var (label, prediction) = (batch.Labels[row], Softmax.IndexOfLargest(rowLogits));
                loss += CrossEntropy(rowLogits, label);
                predicted[prediction]++;
                if (prediction == label) right[label]++;
            }
        }
        return new(loss / dataset.Count, (double)right.Sum() / dataset.Count, MeanF1(right, predicted, dataset.CountClasses()));
    }

    /// <summary>The mean of 2 right / (predicted + actual) over the classes with rows on either side.</summary>
    internal static double MeanF1(int[] right, int[] predicted, int[] actual) =>
        Enumerable.Range(0, right.Length).Where(label => predicted[label] + actual[label] > 0).Average(label => 2.0 * right[label] / (predicted[label] + actual[label]));

    /// <summary>log sum exp(logits) - logit of the label.</summary>
    private static double CrossEntropy(ReadOnlySpan<float> logits, int label)
    {
        double largest = logits[Softmax.IndexOfLargest(logits)];
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum) - logits[label];
    }
}
