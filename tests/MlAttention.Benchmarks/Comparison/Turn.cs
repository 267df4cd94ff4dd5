namespace MlAttention.Benchmarks.Comparison;

/// <summary>What one side of a comparison does when its turn comes.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="Measure">Its figure of this turn, such as the median time of a few repetitions in milliseconds.</param>
internal sealed record Turn(string Name, Func<double> Measure)
{
    /// <summary>The turn of an action, which is warm when this returns: the runtime has compiled its hot loops for good.</summary>
    public static Turn Of(string name, Action action)
    {
        Stopwatches.WarmUp(action);
        return new Turn(name, () => Stopwatches.Milliseconds(action));
    }

    /// <summary>Lets all take turns, so that what slows the machine slows all of them; the median of each one's turns.</summary>
    /// <remarks>Every other round goes backwards: each follows each of its neighbours as often as the other.</remarks>
    public static IReadOnlyDictionary<string, double> Alternate(int rounds, params IReadOnlyList<Turn> turns)
    {
        var figures = turns.ToDictionary(turn => turn.Name, _ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
            foreach (var turn in round % 2 == 0 ? turns : turns.Reverse()) figures[turn.Name][round] = turn.Measure();
        return figures.ToDictionary(pair => pair.Key, pair => Stopwatches.Median(pair.Value));
    }
}
