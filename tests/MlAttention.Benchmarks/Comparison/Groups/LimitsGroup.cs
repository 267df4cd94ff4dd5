using MlAttention.Benchmarks.Kernels;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>What the machine can do, and how near the matrix product comes to it, beside libtorch's.</summary>
internal sealed class LimitsGroup : IComparisonGroup
{
    private const int Rounds = 9;
    private const double PeakGoal = 0.8, PeerGoal = 0.95;

    public string Name => "limits";

    public GroupResult Measure()
    {
        var bandwidth = Machine.CopyBandwidth();
        var (rows, goals) = (new List<IReadOnlyList<string>>(), new List<GoalOutcome>());
        foreach (var size in (int[])[64, 128, 256, 512])
        {
            using var libTorch = new LibTorchProduct(size);
            using var product = MatrixProduct.Create(size);
            var figures = Turn.Alternate(Rounds, new Turn("peak", Machine.MultiplyAddPeak), Turn.Of("libtorch", libTorch.Multiply), Turn.Of("managed", product.Multiply));
            double peak = figures["peak"], theirs = libTorch.Speed(figures["libtorch"]), ours = libTorch.Speed(figures["managed"]);
            rows.Add([$"{size}", .. new[] { peak, theirs, ours }.Select(Figures.Text), Figures.Percent(ours / peak), Figures.Times(ours / theirs)]);
            goals.Add(new GoalOutcome($"matrix product {size}: share of the FMA peak", "FMA peak", peak, ours, "GFLOP/s", ours / peak, PeakGoal));
            goals.Add(new GoalOutcome($"matrix product {size}: speed against libtorch", "libtorch", theirs, ours, "GFLOP/s", ours / theirs, PeerGoal));
        }
        return new GroupResult
        {
            Name = Name,
            Title = "The machine's limits and the matrix product (GFLOP/s)",
            Note = FormattableString.Invariant($"One thread. FMA peak: independent multiply-adds in registers. Copying large blocks: {bandwidth:F0} GB/s read and written. libtorch with addmm_ into an existing matrix; ours with the weights as the engine stores them."),
            Columns = ["size", "FMA peak", "libtorch", "managed", "share of peak", "managed / libtorch"],
            Rows = rows,
            Goals = goals,
        };
    }
}
