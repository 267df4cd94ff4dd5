using System.Text.Json.Nodes;
using MlAttention.Engines;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Training steps of both engines against PyTorch as it is and with malloc tuned.</summary>
/// <param name="length">Tokens n of every sequence.</param>
/// <param name="managedGoals">How much faster than malloc-tuned PyTorch the managed engine is to be, with dropout 0.1 and without.</param>
/// <param name="torchSharpGoals">The same for the TorchSharp engine.</param>
internal sealed class TrainingGroup(int length, (double Dropout, double None) managedGoals, (double Dropout, double None) torchSharpGoals) : IComparisonGroup
{
    private const string PyTorch = "PyTorch", Tuned = "PyTorch, malloc tuned", TorchSharp = "TorchSharp engine", Managed = "managed engine";
    private const double FloorGoal = 1.35;

    private readonly int _turns = length > 200 ? 3 : 7;
    private readonly int _steps = length > 200 ? 3 : 10;

    public string Name => $"training-{length}";

    public GroupResult Measure()
    {
        using PyTorchPeer plain = PyTorchPeer.Start(tunedMalloc: false), tuned = PyTorchPeer.Start(tunedMalloc: true);
        var floor = ReferenceModel.StepOperations(length) / tuned.ProductSpeed / 1e6;
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var (dropout, managedGoal, torchSharpGoal) in ((double, double, double)[])[(0.1, managedGoals.Dropout, torchSharpGoals.Dropout), (0, managedGoals.None, torchSharpGoals.None)])
        {
            var times = Times(plain, tuned, dropout);
            var what = FormattableString.Invariant($"n = {length}, dropout {dropout}");
            rows.Add([FormattableString.Invariant($"{dropout}"), .. times.Values.Select(Figures.Text), Figures.Text(floor), Figures.Times(times[Tuned] / times[Managed]), Figures.Times(times[Tuned] / times[TorchSharp])]);
            goals.Add(GoalOutcome.Faster($"training, managed, {what}", Tuned, times[Tuned], times[Managed], "ms", managedGoal, floor));
            goals.Add(GoalOutcome.Faster($"training, TorchSharp engine, {what}", Tuned, times[Tuned], times[TorchSharp], "ms", torchSharpGoal, floor));
            goals.Add(new GoalOutcome($"time over the floor, managed, {what}", "matrix products alone", floor, times[Managed], "ms", times[Managed] / floor, FloorGoal, AtMost: true, floor));
        }
        return new GroupResult
        {
            Name = Name,
            Title = $"A training step, n = {length} (ms)",
            Note = $"Forward, backward and AdamW over {ReferenceModel.BatchRows} sequences of {length} tokens.",
            Measured = Machine.Time(),
            Machine = Machine.Describe(tuned),
            Columns = ["dropout", PyTorch, Tuned, TorchSharp, Managed, "floor", "tuned PyTorch / managed", "tuned PyTorch / TorchSharp engine"],
            Rows = rows,
            Goals = goals,
        };
    }

    private IReadOnlyDictionary<string, double> Times(PyTorchPeer plain, PyTorchPeer tuned, double dropout)
    {
        var question = new JsonObject { ["do"] = "train", ["length"] = length, ["dropout"] = dropout, ["variable"] = false, ["steps"] = _steps, ["warm"] = 2 };
        using EngineContestant torchSharp = new(EngineKind.TorchSharp, length, dropout), managed = new(EngineKind.Managed, length, dropout);
        return Contestant.Alternate(_turns,
            new Contestant(PyTorch, () => plain.Milliseconds(question)),
            new Contestant(Tuned, () => tuned.Milliseconds(question)),
            new Contestant(TorchSharp, () => torchSharp.Milliseconds(_steps, 2)),
            new Contestant(Managed, () => managed.Milliseconds(_steps, 2)));
    }
}
