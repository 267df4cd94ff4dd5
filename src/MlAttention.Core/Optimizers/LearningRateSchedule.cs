namespace MlAttention;

/// <summary>How the learning rate falls after warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Half a cosine, from the full rate to 0 (Loshchilov and Hutter 2017).</summary>
    Cosine,
    /// <summary>A straight line from the full rate to 0.</summary>
    Linear,
    /// <summary>No fall.</summary>
    Constant,
}

/// <summary>The learning rate of each step: a linear rise over the warm-up, then the schedule's fall.</summary>
/// <remarks>
/// Step s of N from 0, with W = ceil(WarmupFraction N): rate (s+1)/W of the highest while s &lt; W; then, with
/// t = (s-W) / (N-W): (1 + cos(pi t)) / 2 or 1 - t or 1 of the highest. No step has rate 0.
/// </remarks>
internal sealed class LearningRateCurve(OptimizerOptions options, int steps)
{
    private readonly int _warmupSteps = (int)Math.Ceiling(options.WarmupFraction * steps);

    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(int step)
    {
        if (step < _warmupSteps) return options.LearningRate * (step + 1) / _warmupSteps;
        double passed = (double)(step - _warmupSteps) / Math.Max(1, steps - _warmupSteps);
        return options.LearningRate * options.Schedule switch
        {
            LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * passed)) / 2,
            LearningRateSchedule.Linear => 1 - passed,
            LearningRateSchedule.Constant => 1,
            _ => throw new InvalidOperationException($"{options.Schedule} is not a schedule."),
        };
    }
}
