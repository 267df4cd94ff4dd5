namespace MlAttention.Core.Objectives;

/// <summary>One of C labels for each sequence: softmax and cross entropy.</summary>
internal sealed class SingleLabelObjective : Objective
{
    public override int FewestClasses => 2;

    public override bool HasClassWeights => true;

    public override double Backward(Span<float> logits, Targets targets, int place, float factor, double smoothing) =>
        CrossEntropy.Backward(logits, targets.Labels[place], factor, smoothing);

    public override void Activate(Span<float> logits) => Softmax.InPlace(logits);

    public override Evaluation NewEvaluation(int classes, IReadOnlyList<string>? labels) => new LabelEvaluation(classes);
}

/// <summary>Counts which of C labels is predicted: accuracy and macro-F1, of rows or of tokens.</summary>
internal sealed class LabelEvaluation(int classes) : Evaluation
{
    private readonly int[] _right = new int[classes], _predicted = new int[classes], _actual = new int[classes];
    private double _loss;

    public override void Add(TokenBatch batch, ReadOnlySpan<float> logits)
    {
        for (int place = 0; place < logits.Length / classes; place++)
            if (batch.Targets.Labels[place] is var label && label != Targets.Ignored) Add(logits.Slice(place * classes, classes), label);
    }

    public override SequenceEvaluation Result()
    {
        int count = _actual.Sum();
        return new(_loss / Math.Max(1, count)) { Accuracy = (double)_right.Sum() / Math.Max(1, count), MacroF1 = MeanF1(_right, _predicted, _actual) };
    }

    private void Add(ReadOnlySpan<float> logits, int label)
    {
        int prediction = Softmax.IndexOfLargest(logits);
        _loss += CrossEntropy.Of(logits, label);
        _actual[label]++;
        _predicted[prediction]++;
        if (prediction == label) _right[label]++;
    }
}
