using System.Buffers;

namespace MlAttention.Cli.Remarks;

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
            yield return new(labels.Length, $"{labels.Length} labels look alike but are different classes: {List(labels.Select(label => $"{LookAlike.Quoted(label)} ({ReportText.Counted(rowsByClass[label], "row")}, the first: {Place(first[label])})"))}.{fix}");
        }
        if (alike.Length > MostExamples) yield return new(alike.Length - MostExamples, $"{alike.Length - MostExamples} more sets of labels look alike.");
    }

    /// <summary>A label's column with nearly as many labels as rows.</summary>
    public static IEnumerable<DataWarning> Ids(IReadOnlyDictionary<string, long> rowsByClass)
    {
        long rows = rowsByClass.Values.Sum();
        if (rows >= FewestRowsOfIds && rowsByClass.Count >= ClassesThatMayBeIds * rows)
            yield return new(rowsByClass.Count, $"{ReportText.Count(rowsByClass.Count)} different labels stand in {ReportText.Counted(rows, "row")}: the column may hold an id or a number rather than classes. Is --label the right column?");
    }

    /// <summary>Classes of which nothing can be held out.</summary>
    public static IEnumerable<DataWarning> RareClasses(IReadOnlyDictionary<string, long> rowsByClass)
    {
        string[] rare = [.. rowsByClass.Where(found => found.Value == 1).Select(found => found.Key)];
        if (rare.Length > 0) yield return new(rare.Length, $"{ReportText.Counted(rare.Length, "class has", "classes have")} one row only: {List(rare.Select(LookAlike.Quoted))}. Nothing of them can be held out, so that no held-out figure tells of them.");
    }

    /// <summary>Classes of very different size.</summary>
    public static IEnumerable<DataWarning> Imbalance(IReadOnlyDictionary<string, long> rowsByClass)
    {
        if (rowsByClass.Count < 2) yield break;
        var (largest, smallest) = (rowsByClass.MaxBy(found => found.Value), rowsByClass.MinBy(found => found.Value));
        double ratio = (double)largest.Value / smallest.Value;
        if (ratio >= ImbalanceWorthAWord)
            yield return new(rowsByClass.Count, ReportText.Invariant($"the largest class, {LookAlike.Quoted(largest.Key)} with {ReportText.Counted(largest.Value, "row")}, is {ratio:0} times the smallest, {LookAlike.Quoted(smallest.Key)} with {ReportText.Count(smallest.Value)}: accuracy says little about small classes. train --class-weights balanced gives each class the same weight."));
    }

    /// <summary>Texts that stand under several labels.</summary>
    public IEnumerable<DataWarning> Contradictions(TextTally texts)
    {
        var contradicting = texts.All.Select(text => text.Value).Where(text => text.Contradicts is not null).ToArray();
        if (contradicting is [var first, ..])
            yield return new(contradicting.Length, $"{ReportText.Counted(contradicting.Length, "text stands", "texts stand")} with different labels ({ReportText.Counted(contradicting.Sum(text => (long)text.Rows), "row")}); the first: {Place(first.First)} and {Place(first.Contradicts!.Value)}. No model can get all of these rows right.");
    }

    /// <summary>Rows that repeat an earlier one.</summary>
    public IEnumerable<DataWarning> Repeats(long repeats, RowPlace row, RowPlace earlier)
    {
        if (repeats > 0)
            yield return new(repeats, $"{ReportText.Counted(repeats, "row repeats", "rows repeat")} an earlier one, text and label; the first: {Place(row)} repeats {Place(earlier)}. Rows held out may then be rows trained on.");
    }

    /// <summary>Texts that say nothing.</summary>
    public static IEnumerable<DataWarning> Texts(long rows, long words, long empty, int different)
    {
        if (empty > 0) yield return new(empty, $"{ReportText.Counted(empty, "text is", "texts are")} empty.");
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
            yield return new(shared, $"{ReportText.Count(shared)} of {ReportText.Counted(test.Rows, "test row")} have texts that stand in the training data too; the first: {inTest.In(test.Files)} is {inTraining.In(training.Files)}. The result says little about new texts.");
    }

    /// <summary>Labels of a model that is trained on of which the data has no row.</summary>
    /// <param name="data">What it is trained on.</param>
    /// <param name="labels">The model's labels.</param>
    public static IEnumerable<DataWarning> MissingLabels(DataSummary data, IReadOnlyList<string> labels)
    {
        string[] missing = [.. labels.Except(data.RowsByClass.Keys, StringComparer.Ordinal)];
        if (missing.Length == 0) yield break;
        string names = string.Join(", ", missing.Take(5).Select(LookAlike.Quoted)) + (missing.Length > 5 ? $", and {ReportText.Count(missing.Length - 5)} more" : "");
        yield return new(missing.Length, $"the data has no row of {ReportText.Count(missing.Length)} of the {ReportText.Count(labels.Count)} labels of --from: {names}. The model keeps them, but unlearns them while it learns the others; add rows of theirs to the data.");
    }

    /// <summary>Labels of the test rows that training does not have.</summary>
    public static IEnumerable<DataWarning> UnknownLabels(DataSummary training, DataSummary test)
    {
        string[] unknown = [.. test.RowsByClass.Keys.Where(label => !training.RowsByClass.ContainsKey(label))];
        if (unknown.Length == 0) yield break;
        var known = training.RowsByClass.Keys.GroupBy(LookAlike.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var described = unknown.Select(label => $"{LookAlike.Quoted(label)} ({ReportText.Counted(test.RowsByClass[label], "row")}{(known.TryGetValue(LookAlike.Key(label), out string? similar) ? $"; the training data has {LookAlike.Quoted(similar)}" : "")})");
        long rows = unknown.Sum(label => test.RowsByClass[label]);
        yield return new(rows, $"{ReportText.Counted(rows, "test row has a label", "test rows have labels")} that the training data does not have: {List(described)}.");
    }
}

/// <summary>Characters in the data that do not show and that nobody wrote: control characters, byte order marks, and marks of characters that were lost.</summary>
internal sealed class HiddenCharacters
{
    private const char Lost = '\uFFFD', ByteOrderMark = '\uFEFF';

    /// <summary>U+0000 to U+001F without tab and line breaks, U+007F to U+009F without the line break U+0085, and those above.</summary>
    private static readonly SearchValues<char> s_hidden = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code).Except(['\t', '\n', '\r']),
        .. Enumerable.Range(0x7F, 0x21).Select(code => (char)code).Except(['\u0085']), Lost, ByteOrderMark]);

    private readonly SortedSet<char> _found = [];
    private long _texts;
    private RowPlace _firstText;
    private readonly List<(string Label, RowPlace Place)> _labels = [];

    /// <summary>Looks at a text.</summary>
    public void Add(ReadOnlySpan<char> text, RowPlace place)
    {
        if (!text.ContainsAny(s_hidden)) return;
        if (_texts++ == 0) _firstText = place;
        foreach (char c in text)
            if (s_hidden.Contains(c)) _found.Add(c);
    }

    /// <summary>Looks at a label that was not seen before. It should hold no line break either, which comes of a missing quote, nor blanks alone.</summary>
    public void AddLabel(ReadOnlySpan<char> label, RowPlace place)
    {
        if (label.ContainsAny(s_hidden) || label.ContainsAny('\r', '\n') || label.IsWhiteSpace()) _labels.Add((label.ToString(), place));
    }

    /// <summary>The warnings.</summary>
    public IEnumerable<DataWarning> Warnings(DataWarnings words)
    {
        if (_texts > 0)
        {
            bool isWindows = _found.Any(c => c is >= '\u0080' and <= '\u009F');
            string advice = isWindows ? " If they stand for quotes or the euro sign, and the file is not UTF-8, it is windows-1252: give --encoding windows-1252."
                : _found.Contains(Lost) ? " U+FFFD stands for a character that was lost before, in another program." : "";
            yield return new(_texts, $"{ReportText.Counted(_texts, "text holds", "texts hold")} characters that do not show ({string.Join(", ", _found.Take(8).Select(c => "U+" + LookAlike.Code(c)[2..]))}{(_found.Count > 8 ? ", ..." : "")}); the first: {words.Place(_firstText)}.{advice}");
        }
        if (_labels.Count > 0)
            yield return new(_labels.Count, $"{ReportText.Counted(_labels.Count, "label holds", "labels hold")} line breaks, characters that do not show, or nothing but blanks: {DataWarnings.List(_labels.Select(label => $"{LookAlike.Quoted(label.Label)} ({words.Place(label.Place)})"))}. Line breaks come of a quote that is missing.");
    }
}
