namespace MlAttention.Benchmarks.Comparison;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Measure">The median time of a few repetitions, in milliseconds.</param>
internal sealed record Contestant(string Name, Func<double> Measure)
{
    /// <summary>Lets the contestants take turns, so that what slows the machine slows all of them; the median of each one's turns.</summary>
    public static IReadOnlyDictionary<string, double> Alternate(int turns, params IReadOnlyList<Contestant> contestants)
    {
        var times = contestants.ToDictionary(contestant => contestant.Name, _ => new double[turns]);
        for (var turn = 0; turn < turns; turn++)
            foreach (var contestant in contestants) times[contestant.Name][turn] = contestant.Measure();
        return times.ToDictionary(pair => pair.Key, pair => Stopwatches.Median(pair.Value));
    }
}
