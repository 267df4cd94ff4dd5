using System.Globalization;
using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Peak resident memory of a process that does nothing but train a few steps.</summary>
internal sealed class MemoryGroup : IComparisonGroup
{
    private const double SmallGoal = 64, WholeGoal = 700, WholeShareGoal = 0.5;

    public string Name => "memory";

    public GroupResult Measure()
    {
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var setting in (Setting[])[new(ReferenceModel.Small, 32, 32), new(ReferenceModel.Small, 32, 128), new(ReferenceModel.Small, 32, 512), new(ReferenceModel.WholeMiniLm, 16, 32)])
        {
            var peaks = Roster.Names.ToDictionary(contestant => contestant, contestant => Peak(contestant, setting));
            rows.Add([$"{setting.Model.Width}", $"{setting.Rows}", $"{setting.Length}", .. Roster.Names.Select(contestant => Figures.Text(peaks[contestant]))]);
            var (peer, managed) = (Roster.BestPeer(peaks), peaks[Roster.Managed.Name]);
            var goal = $"peak memory of training, width {setting.Model.Width}, n = {setting.Length}";
            var whole = setting.Model == ReferenceModel.WholeMiniLm;
            goals.Add(new GoalOutcome($"{goal}: MB", peer.Name, peer.Time, managed, "MB", managed, whole ? WholeGoal : SmallGoal, AtMost: true));
            if (whole) goals.Add(new GoalOutcome($"{goal}: share of the best peer's", peer.Name, peer.Time, managed, "MB", managed / peer.Time, WholeShareGoal, AtMost: true));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "Peak memory of a training process (MB)",
            Note = FormattableString.Invariant($"Peak resident memory, with the runtime, after {TrainingProcess.Steps} steps with dropout {TrainingProcess.Dropout}; each figure from a process of its own (`train-one`). The peers run on glibc as it is. Width 64: {ReferenceModel.Small.Size}; width 384 with MiniLM's own vocabulary: {ReferenceModel.WholeMiniLm.Size}."),
            Columns = ["width", "batch", "n", .. Roster.Names],
            Rows = rows,
            Goals = goals,
        };
    }

    private static double Peak(string contestant, Setting setting) =>
        double.Parse(OwnProcess.Output(TrainingProcess.VerbName, contestant, setting.Model.Name, $"{setting.Rows}", $"{setting.Length}"), CultureInfo.InvariantCulture);
}
