namespace MlAttention.Core.Objectives;

/// <summary>None to all of C labels for each sequence: a sigmoid and a binary cross entropy for each label, of which the loss is the mean.</summary>
/// <remarks>
/// loss = 1 / C sum over c of log(1 + e^x[c]) - target[c] x[c], with target = (1 - s) [c is a label] + s / 2; dloss / dx[c] = (sigmoid(x[c]) - target[c]) / C.
/// </remarks>
internal sealed class MultiLabelObjective : Objective
{
    /// <summary>The probability from which on a label is predicted, where no threshold was chosen.</summary>
    public const float DefaultThreshold = 0.5f;

    public override int FewestClasses => 1;

    public override double Backward(Span<float> logits, Targets targets, int place, float factor, double smoothing)
    {
        double loss = Loss(logits, targets.Of(place), smoothing);
        var labels = targets.Of(place);
        for (int c = 0, next = 0; c < logits.Length; c++)
        {
            bool has = next < labels.Length && labels[next] == c;
            if (has) next++;
            logits[c] = factor * (float)((Sigmoid(logits[c]) - Target(has, smoothing)) / logits.Length);
        }
        return loss;
    }

    public override void Activate(Span<float> logits)
    {
        foreach (ref float logit in logits) logit = (float)Sigmoid(logit);
    }

    public override Evaluation NewEvaluation(int classes, IReadOnlyList<string>? labels) => new SeveralLabelsEvaluation(classes);

    /// <summary>The loss of a row.</summary>
    /// <param name="logits">[C].</param>
    /// <param name="labels">The row's labels in ascending order.</param>
    /// <param name="smoothing">The part of a label's probability that is spread evenly between yes and no.</param>
    public static double Loss(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, double smoothing = 0)
    {
        double sum = 0;
        for (int c = 0, next = 0; c < logits.Length; c++)
        {
            bool has = next < labels.Length && labels[next] == c;
            if (has) next++;
            sum += Math.Max(logits[c], 0) + Math.Log(1 + Math.Exp(-Math.Abs((double)logits[c]))) - Target(has, smoothing) * logits[c];
        }
        return sum / logits.Length;
    }

    private static double Target(bool has, double smoothing) => (has ? 1 - smoothing : 0) + smoothing / 2;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}

/// <summary>Counts which labels are predicted at the usual threshold: subset accuracy, micro-F1 and macro-F1.</summary>
internal sealed class SeveralLabelsEvaluation(int classes) : Evaluation
{
    private readonly int[] _right = new int[classes], _predicted = new int[classes], _actual = new int[classes];
    private int _rows, _allRight;
    private double _loss;

    public override void Add(TokenBatch batch, ReadOnlySpan<float> logits)
    {
        for (int row = 0; row < batch.Rows; row++) Add(logits.Slice(row * classes, classes), batch.Targets.Of(row));
    }

    public override SequenceEvaluation Result() => new(_loss / Math.Max(1, _rows))
    {
        Accuracy = (double)_allRight / Math.Max(1, _rows),
        MicroF1 = F1(_right.Sum(count => (long)count), _predicted.Sum(count => (long)count), _actual.Sum(count => (long)count)),
        MacroF1 = MeanF1(_right, _predicted, _actual),
    };

    private void Add(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        _loss += MultiLabelObjective.Loss(logits, labels);
        _rows++;
        bool all = true;
        for (int c = 0, next = 0; c < classes; c++)
        {
            bool actual = next < labels.Length && labels[next] == c, predicted = logits[c] >= 0;      // a probability of a half
            if (actual) { next++; _actual[c]++; }
            if (predicted) _predicted[c]++;
            if (actual && predicted) _right[c]++;
            all &= actual == predicted;
        }
        if (all) _allRight++;
    }
}
