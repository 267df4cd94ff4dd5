using MlAttention.Engines;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>Training steps of the managed engine on one and on two threads, beside what two threads of this machine gain with multiply-adds alone.</summary>
internal sealed class ThreadsGroup : IComparisonGroup
{
    private const int Turns = 7, Threads = 2;
    private const double Dropout = 0.1;

    public string Name => "threads";

    public GroupResult Measure()
    {
        using var peer = PyTorchPeer.Start(tunedMalloc: true);
        var possible = Enumerable.Range(0, Turns).Select(_ => PeakOfAll() / Machine.MultiplyAddPeak()).Order().ElementAt(Turns / 2);
        var rows = new List<IReadOnlyList<string>>();
        foreach (var length in (int[])[32, 128, 512])
        {
            using EngineContestant one = new(EngineKind.Managed, length, Dropout), two = new(EngineKind.Managed, length, Dropout, threads: Threads);
            var steps = length > 200 ? 4 : 20;
            var times = Contestant.Alternate(Turns,
                new Contestant("one", () => one.Milliseconds(steps, 2)),
                new Contestant("two", () => two.Milliseconds(steps, 2)));
            rows.Add([$"{length}", Figures.Text(times["one"]), Figures.Text(times["two"]), Figures.Times(times["one"] / times["two"]), Figures.Times(possible)]);
        }
        return new GroupResult
        {
            Name = Name,
            Title = "A training step on two threads (ms)",
            Note = "The managed engine, dropout 0.1. The last column is what two threads gain with nothing but multiply-adds in registers: 2 on two cores, 1 on two threads of one core, which share its multiply-add units.",
            Measured = Machine.Time(),
            Machine = Machine.Describe(peer),
            Columns = ["n", "one thread", "two threads", "gain", "gain of multiply-adds alone"],
            Rows = rows,
        };
    }

    /// <summary>The multiply-adds of all threads at once, in GFLOP/s.</summary>
    private static double PeakOfAll()
    {
        var peaks = new double[Threads];
        var threads = peaks.Select((_, i) => new Thread(() => peaks[i] = Machine.MultiplyAddPeak())).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return peaks.Sum();
    }
}
