using MlAttention.Data;
using MlAttention.Reporting;

namespace MlAttention.Cli.Output;

/// <summary>Something about the data that the user may not know.</summary>
/// <param name="Count">How many rows, labels or classes it concerns.</param>
/// <param name="Text">One sentence with the count, the first place and, where there is one, the fix.</param>
internal sealed record DataWarning(long Count, string Text);

/// <summary>The groups of a data set's rows.</summary>
/// <param name="Column">The data view's column that holds them.</param>
/// <param name="Count">Different groups.</param>
/// <param name="OfRows">The group of each row, in order.</param>
/// <param name="ClassOfRows">The class of each row, by its index in the order of appearance; -1 without a label.</param>
internal sealed record DataGroups(string Column, int Count, int[] OfRows, int[] ClassOfRows);

/// <summary>What a data set holds; <see cref="DataRemarks"/> reads it.</summary>
internal sealed class DataSummary
{
    /// <summary>Names of the files; none for data that comes from no file.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>All rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows without a label.</summary>
    public required long UnlabelledRows { get; init; }

    /// <summary>Rows of each class, the largest first.</summary>
    public required IReadOnlyDictionary<string, long> RowsByClass { get; init; }

    /// <summary>Words, parted at white space.</summary>
    public required long Words { get; init; }

    /// <summary>Words of the longest text.</summary>
    public required int LongestText { get; init; }

    /// <summary>Where the longest text stands, for example "a.csv, row 12".</summary>
    public required string LongestTextPlace { get; init; }

    /// <summary>The groups; null where rows have none.</summary>
    public required DataGroups? Groups { get; init; }

    /// <summary>What the user should know.</summary>
    public required IReadOnlyList<DataWarning> Warnings { get; init; }

    /// <summary>The different texts, as hashes.</summary>
    public required TextTally Texts { get; init; }

    /// <summary>Files, rows, words, the longest text, and rows of each class, in one line each.</summary>
    /// <param name="mostClasses">How many classes are listed one by one.</param>
    public IEnumerable<string> Describe(int mostClasses = 20)
    {
        string files = Files.Count == 1 ? Files[0] : ReportText.Quantity(Files.Count, "file");
        yield return $"{files}: {Number(Rows, "row")}{(UnlabelledRows > 0 ? $", {ReportText.Count(UnlabelledRows)} of them without a label" : "")}, {Number(Words, "word")}; the longest text has {Number(LongestText, "word")} ({LongestTextPlace})";
        if (RowsByClass.Count == 0) yield break;
        string classes = string.Join(", ", RowsByClass.Take(mostClasses).Select(found => $"{LookAlike.Shown(found.Key)} {ReportText.Count(found.Value)}"));
        yield return $"{Number(RowsByClass.Count, "class", "classes")}: {classes}{(RowsByClass.Count > mostClasses ? $", and {ReportText.Count(RowsByClass.Count - mostClasses)} more" : "")}";
    }

    /// <summary>Fails, before anything is trained, unless there are classes that can be told apart.</summary>
    /// <exception cref="InputException">There are not; the message says why.</exception>
    public void RequireClasses()
    {
        if (RowsByClass.Count < 2)
            throw new InputException($"The data has {(RowsByClass.Count == 0 ? "no label" : $"only the label {LookAlike.Quoted(RowsByClass.First().Key)}")}; a classifier needs at least 2. Is --label the right column?");
        if (RowsByClass.Values.All(rows => rows == 1))
            throw new InputException($"Every row has a label of its own ({ReportText.Count(RowsByClass.Count)} labels, such as {string.Join(", ", RowsByClass.Keys.Take(3).Select(LookAlike.Quoted))}), so that nothing can be learned. The column seems to hold an id; name the column of the labels with --label.");
    }

    /// <summary>What should be known before a model of one data set is judged by another.</summary>
    /// <param name="training">The data that the model is trained on.</param>
    /// <param name="test">The data that it is judged by.</param>
    public static IReadOnlyList<DataWarning> Compare(DataSummary training, DataSummary test) =>
        [.. DataWarnings.SharedTexts(training, test), .. DataWarnings.UnknownLabels(training, test)];

    internal static string Number(long count, string one, string? several = null) => $"{ReportText.Count(count)} {(count == 1 ? one : several ?? one + "s")}";
}
