namespace MlAttention.Core.Objectives;

/// <summary>A number for each sequence: the one logit, trained with the squared error.</summary>
/// <remarks>loss = (x - target)²; dloss / dx = 2 (x - target).</remarks>
internal sealed class RegressionObjective : Objective
{
    public override int FewestClasses => 1;

    public override bool HasLabels => false;

    public override double Backward(Span<float> logits, Targets targets, int place, float factor, double smoothing)
    {
        double error = (double)logits[0] - targets.Numbers[place];
        logits[0] = factor * (float)(2 * error);
        return error * error;
    }

    public override void Activate(Span<float> logits) { }

    public override Evaluation NewEvaluation(int classes, IReadOnlyList<string>? labels) => new NumberEvaluation();
}

/// <summary>Sums the squared errors of numbers, and what they would be with the mean as the answer to all.</summary>
internal sealed class NumberEvaluation : Evaluation
{
    private readonly List<float> _targets = [];
    private double _squares;

    public override void Add(TokenBatch batch, ReadOnlySpan<float> logits)
    {
        for (int row = 0; row < batch.Rows; row++)
        {
            double error = (double)logits[row] - batch.Targets.Numbers[row];
            _squares += error * error;
            _targets.Add(batch.Targets.Numbers[row]);
        }
    }

    /// <summary>Without variance in the targets nothing can be explained: R² is 0 then, or 1 where all are met.</summary>
    public override SequenceEvaluation Result()
    {
        if (_targets.Count == 0) return new(0) { RSquared = 0 };
        double mean = _targets.Average(target => (double)target), total = _targets.Sum(target => (target - mean) * (target - mean));
        return new(_squares / _targets.Count) { RSquared = total > 0 ? 1 - _squares / total : _squares > 0 ? 0 : 1 };
    }
}
