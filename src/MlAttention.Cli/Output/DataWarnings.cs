using MlAttention.Data;
using MlAttention.Reporting;

namespace MlAttention.Cli.Output;

/// <summary>What is worth a word in the counts of a data set, each with its number and its first rows.</summary>
internal sealed class DataWarnings(IReadOnlyList<string> files)
{
    private const int MostExamples = 5;
    private const double ImbalanceWorthAWord = 10; // largest class / smallest class
    private const double ClassesThatMayBeIds = 0.5; // classes / rows
    private const int FewestRowsOfIds = 10;

    /// <summary>A place in words.</summary>
    public string Place(RowPlace place) => place.In(files);

    /// <summary>The first few, and that there are more.</summary>
    public static string List(IEnumerable<string> all)
    {
        string[] shown = [.. all.Take(MostExamples + 1)];
        return string.Join(", ", shown.Take(MostExamples)) + (shown.Length > MostExamples ? ", ..." : "");
    }

    /// <summary>Labels that look alike and are different classes.</summary>
    public IEnumerable<DataWarning> LookAlikes(IReadOnlyDictionary<string, long> rowsByClass, IReadOnlyDictionary<string, RowPlace> first)
    {
        var alike = rowsByClass.Keys.GroupBy(LookAlike.Key, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.ToArray()).ToArray();
        foreach (string[] labels in alike.Take(MostExamples))
        {
            int trimmed = labels.DistinctBy(label => label.Trim(), StringComparer.Ordinal).Count();
            string fix = (trimmed < labels.Length ? " --trim leaves out the blanks around labels." : "") + (trimmed > 1 ? " Write them alike in the file if one class is meant." : "");
            yield return new(labels.Length, $"{labels.Length} labels look alike but are different classes: {List(labels.Select(label => $"{LookAlike.Quoted(label)} ({DataSummary.Number(rowsByClass[label], "row")}, the first: {Place(first[label])})"))}.{fix}");
        }
        if (alike.Length > MostExamples) yield return new(alike.Length - MostExamples, $"{alike.Length - MostExamples} more sets of labels look alike.");
    }

    /// <summary>A label's column with nearly as many labels as rows.</summary>
    public static IEnumerable<DataWarning> Ids(IReadOnlyDictionary<string, long> rowsByClass)
    {
        long rows = rowsByClass.Values.Sum();
        if (rows >= FewestRowsOfIds && rowsByClass.Count >= ClassesThatMayBeIds * rows)
            yield return new(rowsByClass.Count, $"{ReportText.Count(rowsByClass.Count)} different labels stand in {DataSummary.Number(rows, "row")}: the column may hold an id or a number rather than classes. Is --label the right column?");
    }

    /// <summary>Classes of which nothing can be held out.</summary>
    public static IEnumerable<DataWarning> RareClasses(IReadOnlyDictionary<string, long> rowsByClass)
    {
        string[] rare = [.. rowsByClass.Where(found => found.Value == 1).Select(found => found.Key)];
        if (rare.Length > 0) yield return new(rare.Length, $"{DataSummary.Number(rare.Length, "class has", "classes have")} one row only: {List(rare.Select(LookAlike.Quoted))}. Nothing of them can be held out, so that no held-out figure tells of them.");
    }

    /// <summary>Classes of very different size.</summary>
    public static IEnumerable<DataWarning> Imbalance(IReadOnlyDictionary<string, long> rowsByClass)
    {
        if (rowsByClass.Count < 2) yield break;
        var (largest, smallest) = (rowsByClass.MaxBy(found => found.Value), rowsByClass.MinBy(found => found.Value));
        double ratio = (double)largest.Value / smallest.Value;
        if (ratio >= ImbalanceWorthAWord)
            yield return new(rowsByClass.Count, ReportText.Invariant($"the largest class, {LookAlike.Quoted(largest.Key)} with {DataSummary.Number(largest.Value, "row")}, is {ratio:0} times the smallest, {LookAlike.Quoted(smallest.Key)} with {ReportText.Count(smallest.Value)}: accuracy says little about small classes. train --class-weights balanced gives each class the same weight."));
    }

    /// <summary>Texts that stand under several labels.</summary>
    public IEnumerable<DataWarning> Contradictions(TextTally texts)
    {
        var contradicting = texts.All.Select(text => text.Value).Where(text => text.Contradicts is not null).ToArray();
        if (contradicting is [var first, ..])
            yield return new(contradicting.Length, $"{DataSummary.Number(contradicting.Length, "text stands", "texts stand")} with different labels ({DataSummary.Number(contradicting.Sum(text => (long)text.Rows), "row")}); the first: {Place(first.First)} and {Place(first.Contradicts!.Value)}. No model can get all of these rows right.");
    }

    /// <summary>Rows that repeat an earlier one.</summary>
    public IEnumerable<DataWarning> Repeats(long repeats, RowPlace row, RowPlace earlier)
    {
        if (repeats > 0)
            yield return new(repeats, $"{DataSummary.Number(repeats, "row repeats", "rows repeat")} an earlier one, text and label; the first: {Place(row)} repeats {Place(earlier)}. Rows held out may then be rows trained on.");
    }

    /// <summary>Texts that say nothing.</summary>
    public static IEnumerable<DataWarning> Texts(long rows, long words, long empty, int different)
    {
        if (empty > 0) yield return new(empty, $"{DataSummary.Number(empty, "text is", "texts are")} empty.");
        if (rows > 1 && different == 1) yield return new(rows, "every row has the same text. Is --text the right column?");
        if (rows >= FewestRowsOfIds && words == rows && different == rows) yield return new(rows, "every text is one word that no other row has, as ids are. Is --text the right column?");
    }

    /// <summary>Test rows whose texts are training texts.</summary>
    public static IEnumerable<DataWarning> SharedTexts(DataSummary training, DataSummary test)
    {
        long shared = 0;
        (RowPlace Test, RowPlace Training)? first = null;
        foreach (var (hash, text) in test.Texts.All)
        {
            if (training.Texts.Find(hash) is not { } known) continue;
            shared += text.Rows;
            first ??= (text.First, known.First);
        }
        if (first is var (inTest, inTraining))
            yield return new(shared, $"{ReportText.Count(shared)} of {DataSummary.Number(test.Rows, "test row")} have texts that stand in the training data too; the first: {inTest.In(test.Files)} is {inTraining.In(training.Files)}. The result says little about new texts.");
    }

    /// <summary>Labels of the test rows that training does not have.</summary>
    public static IEnumerable<DataWarning> UnknownLabels(DataSummary training, DataSummary test)
    {
        string[] unknown = [.. test.RowsByClass.Keys.Where(label => !training.RowsByClass.ContainsKey(label))];
        if (unknown.Length == 0) yield break;
        var known = training.RowsByClass.Keys.GroupBy(LookAlike.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var described = unknown.Select(label => $"{LookAlike.Quoted(label)} ({DataSummary.Number(test.RowsByClass[label], "row")}{(known.TryGetValue(LookAlike.Key(label), out string? similar) ? $"; the training data has {LookAlike.Quoted(similar)}" : "")})");
        long rows = unknown.Sum(label => test.RowsByClass[label]);
        yield return new(rows, $"{DataSummary.Number(rows, "test row has a label", "test rows have labels")} that the training data does not have: {List(described)}.");
    }
}
