using System.Text.Json.Nodes;
using MlAttention.Benchmarks.Kernels;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>What the machine can do, and how near the matrix product comes to it, beside OpenBLAS.</summary>
internal sealed class LimitsGroup : IComparisonGroup
{
    private const int Turns = 9;
    private const double PeakGoal = 0.8, PeerGoal = 0.95;

    public string Name => "limits";

    public GroupResult Measure()
    {
        using var peer = PyTorchPeer.Start(tunedMalloc: true);
        var bandwidth = Machine.CopyBandwidth();
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var size in (int[])[64, 128, 256, 512])
        {
            using var product = MatrixProduct.Create(size);
            var times = Contestant.Alternate(Turns,
                new Contestant("peak", Machine.MultiplyAddPeak),
                new Contestant("OpenBLAS", () => peer.Milliseconds(new JsonObject { ["do"] = "product", ["size"] = size })),
                new Contestant("managed", () => Stopwatches.Milliseconds(product.Multiply, Math.Max(20, (int)(1e9 / Math.Pow(size, 3))), 10)));
            double operations = 2 * Math.Pow(size, 3) / 1e6, peak = times["peak"], theirs = operations / times["OpenBLAS"], ours = operations / times["managed"];
            rows.Add([$"{size}", .. new[] { peak, theirs, ours }.Select(Figures.Text), Figures.Percent(ours / peak), Figures.Text(ours / theirs)]);
            goals.Add(new GoalOutcome($"matrix product {size}, share of the FMA peak", "FMA peak", peak, ours, "GFLOP/s", ours / peak, PeakGoal));
            goals.Add(new GoalOutcome($"matrix product {size}, against OpenBLAS", "OpenBLAS", theirs, ours, "GFLOP/s", ours / theirs, PeerGoal));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "The machine's limits and the matrix product (GFLOP/s)",
            Note = FormattableString.Invariant($"One thread. FMA peak: independent multiply-adds in registers. Copying large blocks: {bandwidth:F0} GB/s read and written. OpenBLAS through torch.mm into an existing matrix; ours with the weights packed beforehand, as scoring and training use it."),
            Measured = Machine.Time(),
            Machine = Machine.Describe(peer),
            Columns = ["size", "FMA peak", "OpenBLAS", "managed", "share of peak", "managed / OpenBLAS"],
            Rows = rows,
            Goals = goals,
        };
    }
}
