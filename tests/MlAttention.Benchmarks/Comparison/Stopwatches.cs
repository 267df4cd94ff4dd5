using System.Diagnostics;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>Median times of repeated actions.</summary>
internal static class Stopwatches
{
    /// <summary>The median time of an action in milliseconds, on the wall.</summary>
    public static double Milliseconds(Action action, int repetitions, int warmUp)
    {
        var times = new double[repetitions];
        for (var i = -warmUp; i < repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return Median(times);
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
