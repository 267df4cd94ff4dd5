using System.Text.Json.Nodes;
using MlAttention.Engines;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Training on sequences whose lengths are spread over [n/4, n]: the managed engine packs them, PyTorch pads them.</summary>
internal sealed class VariableLengthGroup : IComparisonGroup
{
    private const int Turns = 5, Steps = 8;
    private const double Dropout = 0.1, Goal = 1.4;

    public string Name => "variable-lengths";

    public GroupResult Measure()
    {
        using var peer = PyTorchPeer.Start(tunedMalloc: true);
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var length in (int[])[32, 128])
        {
            using EngineContestant full = new(EngineKind.Managed, length, Dropout), variable = new(EngineKind.Managed, length, Dropout, variable: true);
            var times = Contestant.Alternate(Turns,
                new Contestant("peer full", () => peer.Milliseconds(Question(length, variable: false))),
                new Contestant("peer variable", () => peer.Milliseconds(Question(length, variable: true))),
                new Contestant("full", () => full.Milliseconds(Steps, 2)),
                new Contestant("variable", () => variable.Milliseconds(Steps, 2)));
            rows.Add([$"{length}", .. times.Values.Select(Figures.Text), Figures.Times(times["peer full"] / times["peer variable"]), Figures.Times(times["full"] / times["variable"]), Figures.Times(times["peer variable"] / times["variable"])]);
            goals.Add(GoalOutcome.Faster($"variable lengths, managed, n = {length}", "managed, all lengths n", times["full"], times["variable"], "ms", Goal));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "A training step on variable lengths (ms)",
            Note = "Lengths spread evenly over [n/4, n] in random order against all n, dropout 0.1. The managed engine computes the tokens that exist; PyTorch computes the padded batch.",
            Measured = Machine.Time(),
            Machine = Machine.Describe(peer),
            Columns = ["n", "PyTorch, all n", "PyTorch, variable", "managed, all n", "managed, variable", "PyTorch gains", "managed gains", "PyTorch / managed, variable"],
            Rows = rows,
            Goals = goals,
        };
    }

    private static JsonObject Question(int length, bool variable) =>
        new() { ["do"] = "train", ["length"] = length, ["dropout"] = Dropout, ["variable"] = variable, ["steps"] = Steps, ["warm"] = 2 };
}
