namespace MlAttention.Core.Training;

/// <summary>How well all rows of a dataset are classified, each row counting once.</summary>
/// <param name="Loss">Mean cross entropy in nats, without label smoothing and row weights.</param>
/// <param name="Accuracy">The part of the rows classified rightly.</param>
/// <param name="MacroF1">Mean F1 of the classes that are there or predicted.</param>
internal sealed record SequenceEvaluation(double Loss, double Accuracy, double MacroF1)
{
    /// <summary>Scores all rows with an engine.</summary>
    public static SequenceEvaluation Of(ISequenceEngine engine, TokenDataset dataset, SequenceModelOptions model)
    {
        double loss = 0.0;
        int[] right = new int[dataset.ClassCount], predicted = new int[dataset.ClassCount];
        DatasetScorer.Score(engine.Score, dataset, model, (row, logits) =>
        {
            var (label, prediction) = (dataset.Labels[row], Softmax.IndexOfLargest(logits));
            loss += CrossEntropy(logits, label);
            predicted[prediction]++;
            if (prediction == label) right[label]++;
        });
        return new(loss / dataset.Count, (double)right.Sum() / dataset.Count, MeanF1(right, predicted, dataset.CountClasses()));
    }

    /// <summary>The mean of 2 right / (predicted + actual) over the classes with rows on either side.</summary>
    internal static double MeanF1(int[] right, int[] predicted, int[] actual) =>
        Enumerable.Range(0, right.Length).Where(label => predicted[label] + actual[label] > 0).Average(label => 2.0 * right[label] / (predicted[label] + actual[label]));

    /// <summary>log sum exp(logits) - logit of the label.</summary>
    private static double CrossEntropy(ReadOnlySpan<float> logits, int label)
    {
        double largest = logits[Softmax.IndexOfLargest(logits)];
        double sum = 0.0;
        foreach (float logit in logits) sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum) - logits[label];
    }
}
