using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Training steps of the managed engine on one and on two threads, beside what two threads of this machine gain with multiply-adds alone.</summary>
internal sealed class ThreadsGroup : IComparisonGroup
{
    private const int Rounds = 7, Threads = 2;
    private const double Dropout = 0.1, Goal = 0.9;

    private static readonly Setting[] _settings = [new(ReferenceModel.Small, 32, 32), new(ReferenceModel.Small, 32, 128), new(ReferenceModel.Small, 32, 512), new(ReferenceModel.MiniLm, 16, 32)];

    public string Name => "threads";

    public GroupResult Measure()
    {
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var setting in _settings)
        {
            using Repetition one = Roster.Managed.Train(setting with { Dropout = Dropout }), two = Roster.Managed.Train(setting with { Dropout = Dropout, Threads = Threads });
            var figures = Turn.Alternate(Rounds, Turn.Of("one", one.Run), Turn.Of("two", two.Run), new Turn("multiply-adds on one", () => MultiplyAdds(1)), new Turn("multiply-adds on two", () => MultiplyAdds(Threads)));
            var (gain, possible) = (figures["one"] / figures["two"], Threads * figures["multiply-adds on one"] / figures["multiply-adds on two"]);
            rows.Add([$"{setting.Model.Width}", $"{setting.Rows}", $"{setting.Length}", Figures.Text(figures["one"]), Figures.Text(figures["two"]), Figures.Times(gain), Figures.Times(possible)]);
            goals.Add(new GoalOutcome($"training on two threads, width {setting.Model.Width}, n = {setting.Length}: share of the possible gain", "multiply-adds alone", possible, gain, "", gain / possible, Goal));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "A training step on two threads (ms)",
            Note = FormattableString.Invariant($"The managed engine, dropout {Dropout}. The last column is what two threads gain with nothing but multiply-adds in registers: 2 on two cores, 1 on two threads of one core, which share its multiply-add units."),
            Columns = ["width", "batch", "n", "one thread", "two threads", "gain", "gain of multiply-adds alone"],
            Rows = rows,
            Goals = goals,
        };
    }

    /// <summary>Milliseconds until each of so many threads has done the same number of multiply-adds.</summary>
    private static double MultiplyAdds(int count)
    {
        var threads = Enumerable.Range(0, count).Select(_ => new Thread(() => Machine.MultiplyAddPeak())).ToArray();
        return Stopwatches.Milliseconds(() =>
        {
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
        }, repetitions: 1, warmUp: 0);
    }
}
