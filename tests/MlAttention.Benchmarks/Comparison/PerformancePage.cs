namespace MlAttention.Benchmarks.Comparison;

/// <summary>docs/PERFORMANCE.md from the results of all groups; its last section is written by hand and kept.</summary>
internal static class PerformancePage
{
    private const string HandWritten = "## What was tried";

    /// <param name="groups">The results.</param>
    /// <param name="old">The page as it is, or an empty text.</param>
    public static string Write(IReadOnlyList<GroupResult> groups, string old) => string.Join('\n',
        FormattableString.Invariant($"""
            # Performance

            The managed engine and the TorchSharp engine beside PyTorch on a CPU. The model of all comparisons: {ReferenceModel.Description}; batch {ReferenceModel.BatchRows} in training.

            Every ratio is of one run, in which the contestants take turns; figures are medians of their turns, on one thread. A run stops when PyTorch's 512x512 matrix product is below {PyTorchPeer.LeastSpeed} GFLOP/s, the sign of Debian's reference BLAS. "Malloc tuned" is PyTorch with MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ at 1 GiB: glibc then keeps large blocks, and no tensor costs page faults.

            To measure again: `dotnet build -c Release tests/MlAttention.Benchmarks`, then the built program with `compare <group>` for each group, and `compare page docs/PERFORMANCE.md`. A group takes up to four minutes; results stay in artifacts/benchmarks. The last section is written by hand.

            ## Goals

            The floor is the time of a step's matrix products alone, at the speed of OpenBLAS' 512x512 product in the same run.

            | goal | peer | peer's figure | ours | reached | required | floor | met |
            |---|---|---|---|---|---|---|---|
            """),
        string.Join('\n', groups.SelectMany(group => group.Goals).Select(Row)),
        "",
        string.Join('\n', groups.Select(Section)),
        old.Contains(HandWritten, StringComparison.Ordinal) ? old[old.IndexOf(HandWritten, StringComparison.Ordinal)..] : HandWritten + "\n");

    /// <summary>A group's heading, note and table.</summary>
    public static string Section(GroupResult group) => string.Join('\n',
        $"## {group.Title}",
        "",
        group.Note,
        "",
        $"`compare {group.Name}`, {group.Measured} UTC; {group.Machine}.",
        "",
        Cells(group.Columns),
        Cells(group.Columns.Select(_ => "---")),
        string.Join('\n', group.Rows.Select(Cells)),
        "");

    /// <summary>A goal as a row of the table of goals.</summary>
    public static string Row(GoalOutcome goal)
    {
        var floor = goal.Floor is { } value ? $"{Figures.Text(value)} {goal.Unit}" : "";
        var sign = goal.AtMost ? "<=" : ">=";
        return Cells([goal.Goal, goal.Peer, $"{Figures.Text(goal.PeerValue)} {goal.Unit}".Trim(), $"{Figures.Text(goal.Ours)} {goal.Unit}".Trim(),
            Figures.Text(goal.Reached), $"{sign} {Figures.Text(goal.Required)}", floor, goal.IsMet ? "yes" : "no"]);
    }

    private static string Cells(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
