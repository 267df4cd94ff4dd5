namespace MlAttention.Benchmarks.Training;

/// <summary>The time of one training step in milliseconds: on the wall, and of the processor.</summary>
internal readonly record struct StepTime(double Wall, double Processor)
{
    /// <summary>The medians of several times.</summary>
    public static StepTime Median(IReadOnlyList<StepTime> times) =>
        new(times.Select(time => time.Wall).Order().ElementAt(times.Count / 2), times.Select(time => time.Processor).Order().ElementAt(times.Count / 2));
}
