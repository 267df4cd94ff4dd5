using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Training on sequences whose lengths are spread over [n/4, n]: the managed engine packs them, all others pad them.</summary>
internal sealed class VariableLengthGroup : IComparisonGroup
{
    private const int Rounds = 5, Rows = 32;
    private const double Dropout = 0.1, Goal = 1.4;

    public string Name => "variable-lengths";

    public GroupResult Measure()
    {
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var length in (int[])[32, 128])
        {
            var full = new Setting(ReferenceModel.Small, Rows, length) { Dropout = Dropout };
            var (same, variable) = Times(full);
            rows.Add(Row($"{length}", "all n", same));
            rows.Add(Row($"{length}", "variable", variable));
            rows.Add([$"{length}", "gain", .. Roster.Names.Select(contestant => Figures.Times(same[contestant] / variable[contestant])), ""]);
            goals.Add(GoalOutcome.Faster($"training, width 64, n = {length}: gain from variable lengths", ("managed engine, all lengths n", same[Roster.Managed.Name]), variable[Roster.Managed.Name], "ms", Goal));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "A training step on variable lengths (ms)",
            Note = FormattableString.Invariant($"Lengths spread evenly over [n/4, n] in random order against all n; batch {Rows}, dropout {Dropout}; {ReferenceModel.Small.Size}. The managed engine computes the tokens that exist; the others compute the padded batch, with a mask."),
            Columns = ["n", "lengths", .. Roster.Names, "best peer / managed"],
            Rows = rows,
            Goals = goals,
        };
    }

    private static (IReadOnlyDictionary<string, double> Same, IReadOnlyDictionary<string, double> Variable) Times(Setting full)
    {
        var steps = Roster.All.SelectMany(contestant => ((bool, string, Repetition)[])
            [(false, contestant.Name, contestant.Train(full)), (true, contestant.Name, contestant.Train(full with { Variable = true }))]).ToArray();
        var times = Turn.Alternate(Rounds, [.. steps.Select(step => Turn.Of($"{step.Item2} {step.Item1}", step.Item3.Run))]);
        foreach (var (_, _, step) in steps) step.Dispose();
        return (Of(false), Of(true));

        IReadOnlyDictionary<string, double> Of(bool variable) => Roster.Names.ToDictionary(contestant => contestant, contestant => times[$"{contestant} {variable}"]);
    }

    private static IReadOnlyList<string> Row(string length, string lengths, IReadOnlyDictionary<string, double> times) =>
        [length, lengths, .. Roster.Names.Select(contestant => Figures.Text(times[contestant])), Figures.Times(Roster.BestPeer(times).Time / times[Roster.Managed.Name])];
}
