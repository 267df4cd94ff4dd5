using System.Diagnostics;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>Median times of repeated actions.</summary>
internal static class Stopwatches
{
    private const double TurnSeconds = 0.4;
    private const int LeastRepetitions = 2, WarmRepetitions = 60;
    private const double WarmSeconds = 1, MostWarmSeconds = 6;

    /// <summary>The median time of an action in milliseconds, on the wall, over 0.4 s and at least 2 repetitions; one before does not count.</summary>
    public static double Milliseconds(Action action)
    {
        action();
        var (times, start) = (new List<double>(), Stopwatch.GetTimestamp());
        while (times.Count < LeastRepetitions || Stopwatch.GetElapsedTime(start).TotalSeconds < TurnSeconds) times.Add(Time(action));
        return Median(times);
    }

    /// <summary>The median time of an action in milliseconds, on the wall.</summary>
    public static double Milliseconds(Action action, int repetitions, int warmUp)
    {
        for (var i = 0; i < warmUp; i++) action();
        return Median([.. Enumerable.Range(0, repetitions).Select(_ => Time(action))]);
    }

    /// <summary>Repeats an action for a second and 60 times; a slow one for 6 s, but at least twice.</summary>
    public static void WarmUp(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (i >= LeastRepetitions && seconds >= (i >= WarmRepetitions ? WarmSeconds : MostWarmSeconds)) return;
            action();
        }
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
