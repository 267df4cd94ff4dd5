using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Scoring passes of both engines and both peers with the same weights.</summary>
/// <param name="name">The group's name.</param>
/// <param name="title">The heading of its table, without the unit.</param>
/// <param name="model">The model's size.</param>
/// <param name="cases">The batches, each with what is required of the managed engine.</param>
internal sealed class ScoringGroup(string name, string title, ReferenceModel model, params IReadOnlyList<ScoringGroup.Case> cases) : IComparisonGroup
{
    private const int Rounds = 7;
    private const double LargestDifference = 1e-5;

    public string Name => name;

    public GroupResult Measure()
    {
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        var (largest, most) = (0.0, 0L);
        foreach (var item in cases)
        {
            var setting = new Setting(model, item.Rows, item.Length);
            var (figures, floor, bytes) = Times(setting);
            var (peer, managed, torch, difference) = (Roster.BestPeer(figures), figures[Roster.Managed.Name], figures[Roster.TorchSharp.Name], Roster.LogitDifference(setting));
            rows.Add([$"{item.Rows}", $"{item.Length}", .. Roster.Names.Select(contestant => Figures.Text(figures[contestant])), Figures.Text(floor),
                Figures.Times(managed / floor), Figures.Times(peer.Time / managed), Figures.Times(peer.Time / torch), $"{bytes}", Figures.Text(difference)]);
            var goal = $"scoring, width {model.Width}, n = {item.Length}, batch {item.Rows}";
            if (item.Faster is { } faster) goals.Add(GoalOutcome.Faster($"{goal}: speed against the best of all others", Roster.BestOther(figures), managed, "ms", faster));
            if (item.OverFloor is { } times) goals.Add(GoalOutcome.OverFloor($"{goal}: time over the floor", floor, managed, times));
            if (item.Rows == 1) goals.Add(GoalOutcome.Faster($"{goal}: speed of the TorchSharp engine against the best peer", peer, torch, "ms", 1));
            (largest, most) = (Math.Max(largest, difference), Math.Max(most, bytes));
        }
        goals.Add(new GoalOutcome($"scoring, width {model.Width}: largest difference of a logit", $"logits of {Roster.Nn.Name}", 0, largest, "", largest, LargestDifference, AtMost: true));
        goals.Add(new GoalOutcome($"scoring, width {model.Width}: most that a call allocates", "nothing", 0, most, "bytes", most, 0, AtMost: true));
        return new GroupResult
        {
            Name = Name,
            Title = $"{title} (ms)",
            Note = $"One thread, the same weights; {model.Size}. The peers in evaluation and inference mode, without a padding mask; ours with the scorers that Transform, PredictionEngine and TextClassifier use. Bytes: what a call of the managed engine allocates. Difference: of two contestants' logits, at most, relative to the largest logit.",
            Columns = ["batch", "n", .. Roster.Names, "floor", "managed / floor", "best peer / managed", "best peer / TorchSharp engine", "bytes a call", "difference"],
            Rows = rows,
            Goals = goals,
        };
    }

    private static (IReadOnlyDictionary<string, double> Times, double Floor, long Bytes) Times(Setting setting)
    {
        using var floor = new Floor();
        var logits = new float[setting.Rows * ReferenceModel.Classes];
        var passes = Roster.All.Select(contestant => (contestant.Name, Pass: contestant.Score(setting, logits))).ToArray();
        var times = Turn.Alternate(Rounds, [.. floor.Turns(), .. passes.Select(pair => Turn.Of(pair.Name, pair.Pass.Run))]);
        var managed = passes.Single(pair => pair.Name == Roster.Managed.Name).Pass;
        var before = GC.GetAllocatedBytesForCurrentThread();
        managed.Run();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        foreach (var (_, pass) in passes) pass.Dispose();
        return (times, floor.Milliseconds(setting.ScoreOperations, times), bytes);
    }

    /// <summary>A batch that is scored.</summary>
    /// <param name="Rows">Sequences B.</param>
    /// <param name="Length">Tokens n.</param>
    /// <param name="Faster">How much faster than the best of all others the managed engine is to be; null where that is no goal.</param>
    /// <param name="OverFloor">The most that it may take of the floor; null where that is no goal.</param>
    internal sealed record Case(int Rows, int Length, double? Faster = null, double? OverFloor = null);
}
