using MlAttention.Core.Sequences;

namespace MlAttention.Cli.Remarks;

/// <summary>A part of the rows that is set apart.</summary>
/// <param name="Fraction">Its share of the rows that there are, above 0.</param>
/// <param name="Seed">Chooses the rows.</param>
internal readonly record struct HoldOut(double Fraction, long Seed);

/// <summary>Decides whether whole groups of rows are held out, before anything is trained, and says so.</summary>
internal static class GroupHoldOut
{
    private const double FarFromWanted = 2; // times more or less than asked for

    /// <summary>The column of groups to hold out by; null when rows are held out one by one.</summary>
    /// <param name="summary">The data, with its groups if it has any.</param>
    /// <param name="isGiven">Whether the user named the column; otherwise it only happens to have the usual name, and is left alone where it does harm.</param>
    /// <param name="parts">What is held out, each of what the one before leaves; none when nothing is.</param>
    /// <param name="say">Receives what is done.</param>
    /// <param name="warn">Receives what the user should know.</param>
    /// <exception cref="InputException">The user named a column whose groups cannot be divided.</exception>
    public static string? Choose(DataSummary summary, bool isGiven, IReadOnlyList<HoldOut> parts, Action<string> say, Action<string> warn)
    {
        if (summary.Groups is not { } groups || parts.Count == 0) return null;
        string name = CsvSettings.KeptColumn(groups.Column), column = $"the column {name} ({ReportText.Counted(groups.Count, "group")})";
        var (harm, cannotBe) = Harm(groups, parts);
        if (harm is null)
        {
            say($"Held out by {column}: rows of one group stay together.{(isGiven ? "" : " --group none holds out row by row.")}");
            return groups.Column;
        }
        if (!isGiven)
        {
            warn($"Not held out by {column}: {harm}. Rows are held out one by one; --group none says that it is meant{(cannotBe ? "" : $", --group {name} holds out by the column all the same")}.");
            return null;
        }
        if (cannotBe) throw new InputException($"--group {name}: {harm}. Name another column, or give --group none.");
        warn($"Held out by {column}: {harm}. --group none holds out row by row.");
        return groups.Column;
    }

    private static (string? Harm, bool CannotBe) Harm(DataGroups groups, IReadOnlyList<HoldOut> parts)
    {
        int[] rows = [.. Enumerable.Range(0, groups.OfRows.Length).Where(row => groups.ClassOfRows[row] >= 0)];
        int classes = CountClasses(rows);
        foreach (var (fraction, seed) in parts)
        {
            int[] groupOfRow = [.. rows.Select(row => groups.OfRows[row])];
            int count = groupOfRow.Distinct().Count();
            if (count < 2) return (groups.Count < 2 ? "all rows are of one group, which cannot be divided" : $"it takes {parts.Count + 1} groups to hold out {parts.Count} parts", true);
            var (kept, heldOut) = RowSplit.Grouped(groupOfRow, fraction, seed);
            double share = (double)heldOut.Length / rows.Length;
            if (share > FarFromWanted * fraction || share < fraction / FarFromWanted)
                return ($"whole groups come to {ReportText.Percent(share)} of the rows, where {ReportText.Percent(fraction)} are to be held out", false);
            rows = [.. kept.Select(row => rows[row])];
            if (CountClasses(rows) is var left && left < classes)
                return ($"{ReportText.Counted(classes - left, "class", "classes")} of {classes} would be held out as a whole, and never be trained", false);
        }
        return (null, false);

        int CountClasses(int[] rows) => rows.Select(row => groups.ClassOfRows[row]).Distinct().Count();
    }
}
