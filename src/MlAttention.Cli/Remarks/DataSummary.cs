namespace MlAttention.Cli.Remarks;

/// <summary>Something about the data that the user may not know.</summary>
/// <param name="Count">How many rows, labels or classes it concerns.</param>
/// <param name="Text">One sentence with the count, the first place and, where there is one, the fix.</param>
internal sealed record DataWarning(long Count, string Text)
{
    /// <summary>Says each of them.</summary>
    public static void Show(IEnumerable<DataWarning> warnings, Action<string> say)
    {
        foreach (var warning in warnings) say($"warning: {warning.Text}");
    }
}

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
        yield return $"{files}: {ReportText.Counted(Rows, "row")}{(UnlabelledRows > 0 ? $", {ReportText.Count(UnlabelledRows)} of them without a label" : "")}, {ReportText.Counted(Words, "word")}; the longest text has {ReportText.Counted(LongestText, "word")} ({LongestTextPlace})";
        if (RowsByClass.Count == 0) yield break;
        string classes = string.Join(", ", RowsByClass.Take(mostClasses).Select(found => $"{LookAlike.Shown(found.Key)} {ReportText.Count(found.Value)}"));
        yield return $"{ReportText.Counted(RowsByClass.Count, "class", "classes")}: {classes}{(RowsByClass.Count > mostClasses ? $", and {ReportText.Count(RowsByClass.Count - mostClasses)} more" : "")}";
    }

    /// <summary>Fails, before anything is trained, unless there are classes that can be told apart.</summary>
    /// <exception cref="InputException">There are not; the message says why.</exception>
    public void RequireClasses() => RequireClasses(hasOthers: false);

    /// <inheritdoc cref="RequireClasses()"/>
    /// <param name="hasOthers">Whether the classifier knows labels beside those of the data.</param>
    public void RequireClasses(bool hasOthers)
    {
        if (RowsByClass.Count < (hasOthers ? 1 : 2))
            throw new InputException($"The data has {(RowsByClass.Count == 0 ? "no label" : $"only the label {LookAlike.Quoted(RowsByClass.First().Key)}")}; a classifier needs at least 2. Is --label the right column?");
        if (RowsByClass.Values.All(rows => rows == 1))
            throw new InputException($"Every row has a label of its own ({ReportText.Count(RowsByClass.Count)} labels, such as {string.Join(", ", RowsByClass.Keys.Take(3).Select(LookAlike.Quoted))}), so that nothing can be learned. The column seems to hold an id; name the column of the labels with --label.");
    }

    /// <summary>What should be known before a model of one data set is judged by another.</summary>
    public static IReadOnlyList<DataWarning> Compare(DataSummary training, DataSummary test) =>
        [.. DataWarnings.SharedTexts(training, test), .. DataWarnings.UnknownLabels(training, test)];
}

/// <summary>Reads data once and counts what is in it, holding hashes of the texts and not the texts.</summary>
internal sealed class DataRemarks
{
    private readonly List<string> _classes = [];
    private readonly Dictionary<string, int> _classOfLabel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _classOfSpan;
    private readonly List<long> _rowsOfClass = [];
    private readonly List<RowPlace> _firstOfClass = [];
    private readonly Dictionary<string, int> _groupOfName = new(StringComparer.Ordinal);
    private readonly List<int> _groupOfRows = [], _classOfRows = [];
    private readonly TextTally _texts = new();
    private readonly HiddenCharacters _hidden = new();
    private long _rows, _unlabelled, _words, _emptyTexts, _repeats;
    private int _longest;
    private RowPlace _longestPlace;
    private (RowPlace Row, RowPlace Earlier) _firstRepeat;

    private DataRemarks() => _classOfSpan = _classOfLabel.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the data to its end.</summary>
    /// <param name="data">Rows with the column Text and, where they have labels, Label; both texts.</param>
    /// <param name="group">The column of groups, a text; null for none.</param>
    public static DataSummary Read(IDataView data, string? group = null, CancellationToken cancellation = default)
    {
        var remarks = new DataRemarks();
        DataViewSchema.Column text = data.Schema["Text"];
        DataViewSchema.Column? label = data.Schema.GetColumnOrNull("Label"), groups = group is null ? null : data.Schema[group];
        using var cursor = data.GetRowCursor([text, .. new[] { label, groups }.OfType<DataViewSchema.Column>()]);
        var getText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        var getLabel = label is { } labels ? cursor.GetGetter<ReadOnlyMemory<char>>(labels) : null;
        var getGroup = groups is { } names ? cursor.GetGetter<ReadOnlyMemory<char>>(names) : null;
        ReadOnlyMemory<char> textValue = default, labelValue = default, groupValue = default;
        while (cursor.ReadNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getText(ref textValue);
            getLabel?.Invoke(ref labelValue);
            getGroup?.Invoke(ref groupValue);
            remarks.Add(textValue.Span, labelValue.Span, RowPlace.Of(cursor));
            if (getGroup is not null) remarks._groupOfRows.Add(NumberOf(remarks._groupOfName, groupValue.ToString()));
        }
        return remarks.Summary((data as CsvDataView)?.Files.Select(file => file.Name).ToArray() ?? [], group, label is not null);
    }

    private void Add(ReadOnlySpan<char> text, ReadOnlySpan<char> label, RowPlace place)
    {
        _rows++;
        int words = CountWords(text), labelClass = ClassOf(label, place);
        _words += words;
        if (words == 0) _emptyTexts++;
        if (words > _longest || _rows == 1) (_longest, _longestPlace) = (words, place);
        if (labelClass < 0) _unlabelled++;
        _classOfRows.Add(labelClass);
        _hidden.Add(text, place);
        if (_texts.Add(text, place, labelClass) is { } before && before.Class == labelClass && _repeats++ == 0) _firstRepeat = (place, before.First);
    }

    private int ClassOf(ReadOnlySpan<char> label, RowPlace place)
    {
        if (label.IsEmpty) return -1;
        if (!_classOfSpan.TryGetValue(label, out int found))
        {
            found = _classes.Count;
            _classes.Add(label.ToString());
            _classOfLabel.Add(_classes[found], found);
            _rowsOfClass.Add(0);
            _firstOfClass.Add(place);
            _hidden.AddLabel(label, place);
        }
        _rowsOfClass[found]++;
        return found;
    }

    private DataSummary Summary(IReadOnlyList<string> files, string? group, bool isLabelled)
    {
        var order = Enumerable.Range(0, _classes.Count).OrderByDescending(found => _rowsOfClass[found]).ThenBy(found => _classes[found], StringComparer.Ordinal);
        var rowsByClass = new OrderedDictionary<string, long>(order.Select(found => KeyValuePair.Create(_classes[found], _rowsOfClass[found])), StringComparer.Ordinal);
        var firstByClass = _classes.Zip(_firstOfClass).ToDictionary(found => found.First, found => found.Second, StringComparer.Ordinal);
        var words = new DataWarnings(files);
        return new()
        {
            Files = files,
            Rows = _rows,
            UnlabelledRows = isLabelled ? _unlabelled : 0,
            RowsByClass = rowsByClass,
            Words = _words,
            LongestText = _longest,
            LongestTextPlace = _longestPlace.In(files),
            Groups = group is null ? null : new(group, _groupOfName.Count, [.. _groupOfRows], [.. _classOfRows]),
            Texts = _texts,
            Warnings =
            [
                .. words.LookAlikes(rowsByClass, firstByClass),
                .. _hidden.Warnings(words),
                .. DataWarnings.Ids(rowsByClass),
                .. DataWarnings.RareClasses(rowsByClass),
                .. DataWarnings.Imbalance(rowsByClass),
                .. words.Contradictions(_texts),
                .. words.Repeats(_repeats, _firstRepeat.Row, _firstRepeat.Earlier),
                .. DataWarnings.Texts(_rows, _words, _emptyTexts, _texts.Count),
            ],
        };
    }

    private static int NumberOf(Dictionary<string, int> numbers, string name) => numbers.TryAdd(name, numbers.Count) ? numbers.Count - 1 : numbers[name];

    private static int CountWords(ReadOnlySpan<char> text)
    {
        int words = 0;
        bool inWord = false;
        foreach (char c in text)
        {
            bool isSpace = char.IsWhiteSpace(c);
            if (!isSpace && !inWord) words++;
            inWord = !isSpace;
        }
        return words;
    }
}
