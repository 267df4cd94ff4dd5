using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Training steps of both engines and both peers, with dropout and without.</summary>
/// <param name="name">The group's name.</param>
/// <param name="what">The model and the length, for headings.</param>
/// <param name="setting">The model and the batch.</param>
/// <param name="overFloor">The most that the managed engine may take of the floor.</param>
/// <param name="faster">How much faster than the best of all others the managed engine is to be, with dropout 0.1 and without; null where that is no goal.</param>
internal sealed class TrainingGroup(string name, string what, Setting setting, double overFloor, (double Dropout, double None)? faster = null) : IComparisonGroup
{
    /// <summary>Rounds of turns; fewer where a step of the peers takes seconds.</summary>
    private readonly int _rounds = setting.Length > 200 ? 5 : 7;

    public string Name => name;

    public GroupResult Measure()
    {
        var difference = Roster.LogitDifference(setting);
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var (dropout, times) in ((double, double?)[])[(0.1, faster?.Dropout), (0, faster?.None)])
        {
            var dropping = setting with { Dropout = dropout };
            var (figures, floor) = Times(dropping);
            var (peer, torchSharp, managed) = (Roster.BestPeer(figures), figures[Roster.TorchSharp.Name], figures[Roster.Managed.Name]);
            rows.Add([FormattableString.Invariant($"{dropout}"), .. Roster.Names.Select(contestant => Figures.Text(figures[contestant])), Figures.Text(floor),
                Figures.Times(managed / floor), Figures.Times(peer.Time / managed), Figures.Times(peer.Time / torchSharp)]);
            var goal = FormattableString.Invariant($"training, {what}, dropout {dropout}");
            goals.Add(GoalOutcome.OverFloor($"{goal}: time over the floor", floor, managed, overFloor));
            if (times is { } required) goals.Add(GoalOutcome.Faster($"{goal}: speed against the best of all others", Roster.BestOther(figures), managed, "ms", required));
            goals.Add(Automatic(goal, dropping, torchSharp, managed));
        }
        return new GroupResult
        {
            Name = Name,
            Title = $"A training step, {what} (ms)",
            Note = $"Forward, backward and AdamW over {setting.Rows} sequences of {setting.Length} tokens; {setting.Model.Size}. Before training, the largest difference between logits of two contestants was {Figures.Text(difference)} of the largest logit.",
            Columns = ["dropout", .. Roster.Names, "floor", "managed / floor", "best peer / managed", "best peer / TorchSharp engine"],
            Rows = rows,
            Goals = goals,
        };
    }

    private (IReadOnlyDictionary<string, double> Times, double Floor) Times(Setting dropping)
    {
        using var floor = new Floor();
        var steps = Roster.All.Select(contestant => (contestant.Name, Step: contestant.Train(dropping))).ToArray();
        var times = Turn.Alternate(_rounds, [.. floor.Turns(), .. steps.Select(pair => Turn.Of(pair.Name, pair.Step.Run))]);
        foreach (var (_, step) in steps) step.Dispose();
        return (times, floor.Milliseconds(dropping.StepOperations, times));
    }

    /// <summary>Whether Auto takes the engine that was faster.</summary>
    private static GoalOutcome Automatic(string goal, Setting dropping, double torchSharp, double managed)
    {
        using var engine = SequenceEngines.Factory.CreateEngine(dropping.Configuration(EngineKind.Auto));
        var faster = torchSharp < managed ? (Roster.TorchSharp.Name, Time: torchSharp) : (Roster.Managed.Name, Time: managed);
        var chosen = engine.Name == nameof(EngineKind.TorchSharp) ? torchSharp : managed;
        return new GoalOutcome($"{goal}: Auto takes the faster engine", faster.Name, faster.Time, chosen, "ms", chosen / faster.Time, 1, AtMost: true);
    }
}
