namespace MlAttention.Benchmarks.Comparison;

/// <summary>The goals of performance and what came of them, from the results of all groups; what was tried is written by hand and kept.</summary>
internal static class PerformanceGoalsPage
{
    /// <summary>Its file, in a folder internal beside the page of performance.</summary>
    public const string FileName = "PERFORMANCE_GOALS.md";

    private const string HandWritten = "## What was tried";

    /// <param name="groups">The results.</param>
    /// <param name="old">The page as it is, or an empty text.</param>
    public static string Write(IReadOnlyList<GroupResult> groups, string old) => string.Join('\n',
        $"""
        # Goals of performance, and what was tried

        For those who work on the engines; [PERFORMANCE.md](../PERFORMANCE.md) has the figures and the commands. `guard` says in a minute whether the managed engine has become slower, whatever the machine's speed.

        ## Goals

        What is missed says by how much of what is required.

        {PerformancePage.Cells(["goal", "peer", "peer's figure", "ours", "reached", "required", "met"])}
        |---|---|---|---|---|---|---|
        """,
        string.Join('\n', groups.SelectMany(group => group.Goals).Select(Row)),
        "",
        old.Contains(HandWritten, StringComparison.Ordinal) ? old[old.IndexOf(HandWritten, StringComparison.Ordinal)..] : HandWritten + "\n");

    /// <summary>A goal as a row of the table of goals.</summary>
    public static string Row(GoalOutcome goal)
    {
        var met = goal.IsMet ? "yes" : goal.MissedBy is { } share ? $"no, by {Figures.Percent(share)}" : "no";
        return PerformancePage.Cells([goal.Goal, goal.Peer, $"{Figures.Text(goal.PeerValue)} {goal.Unit}".Trim(), $"{Figures.Text(goal.Ours)} {goal.Unit}".Trim(),
            Figures.Text(goal.Reached), Required(goal), met]);
    }

    /// <summary>What was reached and what was required, in words.</summary>
    public static string Reached(GoalOutcome goal) => $"{Figures.Text(goal.Reached)} ({Required(goal)})";

    private static string Required(GoalOutcome goal) => $"{(goal.AtMost ? "<=" : ">=")} {Figures.Text(goal.Required)}";
}
