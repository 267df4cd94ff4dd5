using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>docs/PERFORMANCE.md from the results of all groups.</summary>
internal static class PerformancePage
{
    /// <param name="groups">The results.</param>
    public static string Write(IReadOnlyList<GroupResult> groups) => string.Join('\n',
        FormattableString.Invariant($"""
            # Performance

            Both engines beside libtorch on a CPU: how many times as fast they are as the better of two peers, in training without dropout and in scoring by batch and length.

            <picture><source media="(prefers-color-scheme: dark)" srcset="{PerformanceChart.FileName(isDark: true)}"><img src="{PerformanceChart.FileName(isDark: false)}" alt="Speed of both engines against the better of the two peers; the tables below have the numbers"></picture>

            Two peers, whose code is in tests/MlAttention.Benchmarks/Peers:

            - **{Roster.Nn.Name}** is what a TorchSharp user writes: nn.TransformerEncoder.
            - **{Roster.ByHand.Name}** is tuned for libtorch: one product for query, key and value, and scaled_dot_product_attention.

            All contestants run in one process the same model from the same weights: {ReferenceModel.Description}; AdamW in training. The size stands at each table.

            - Every ratio is of one run, in which the contestants take turns; figures are medians of their turns, on one thread unless it says otherwise.
            - The floor is the time of the matrix products alone, at the speed of a {LibTorchProduct.Size}x{LibTorchProduct.Size} product in the same turns: libtorch's or the managed engine's, whichever is faster. The table of limits has both.
            - A run stops when libtorch's product is below {LibTorchProduct.LeastSpeed} GFLOP/s: the machine is busy, or libtorch runs on a slow BLAS.
            - The TorchSharp engine makes glibc keep large blocks that are freed, so that no large tensor costs page faults. That holds for the whole process: the peers profit from it too, and by themselves are slower on long sequences.
            - libtorch draws dropout one number after the other; the tables show training without dropout as well.

            To measure again: `dotnet build -c Release tests/MlAttention.Benchmarks`, then the built program with `compare all`, or `compare <group>` for one table, and `compare page docs/PERFORMANCE.md`. A group takes up to four minutes, all about half an hour; results stay in artifacts/benchmarks. What was aimed at, what was tried, and what a step is made of stands in [internal/{PerformanceGoalsPage.FileName}](internal/{PerformanceGoalsPage.FileName}).

            {Missed([.. groups.SelectMany(group => group.Goals)])}

            """),
        string.Join('\n', groups.Select(Section)));

    /// <summary>The goals that are missed, in a sentence.</summary>
    private static string Missed(IReadOnlyList<GoalOutcome> goals)
    {
        GoalOutcome[] missed = [.. goals.Where(goal => !goal.IsMet)];
        return missed.Length == 0 ? FormattableString.Invariant($"All {goals.Count} goals are met.")
            : FormattableString.Invariant($"Of {goals.Count} goals {missed.Length} are missed: ") + string.Join("; ", missed.Select(goal => $"{goal.Goal}, {PerformanceGoalsPage.Reached(goal)}")) + ".";
    }

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

    /// <summary>A row of a table.</summary>
    public static string Cells(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
