namespace MlAttention.Csv;

/// <summary>
/// The rows of CSV files as a streaming data view: each cursor reads the files anew and holds one row, so that files larger than
/// memory can be read. The number of rows is not known in advance, and rows come in file order.
/// </summary>
internal sealed class CsvDataView : IDataView
{
    private readonly IHost _host;
    private bool _notesAreLogged;

    /// <summary>Opens each file once, so that a wrong path, header or first row fails here and not while training.</summary>
    /// <exception cref="CsvDataException">A file is missing, empty or lacks a column, or no file has a row.</exception>
    public CsvDataView(IHostEnvironment environment, IReadOnlyList<string> paths, CsvOptions options)
        : this(environment, Sources(paths, options), options) { }

    /// <inheritdoc cref="CsvDataView(IHostEnvironment, IReadOnlyList{string}, CsvOptions)"/>
    public CsvDataView(IHostEnvironment environment, IReadOnlyList<CsvSource> files, CsvOptions options)
    {
        options.Validate();
        _host = environment.Register("LoadCsv");
        Options = options;
        Files = files;
        Schema = MakeSchema(options);

        var anyRow = false;
        foreach (var file in Files)
        {
            using var reader = new CsvFileReader(file, options);
            anyRow |= reader.Read();
        }

        if (!anyRow) throw new CsvDataException("the file has a header but no rows.", Files[0].Name, row: 1);
    }

    /// <summary>How the files are read.</summary>
    public CsvOptions Options { get; }

    /// <summary>The files in the order of their rows.</summary>
    public IReadOnlyList<CsvSource> Files { get; }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new CsvCursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Tells, once for this view, what was left out.</summary>
    internal void Report(CsvReadingNotes notes)
    {
        string[] sentences = [.. notes.Sentences()];
        if (sentences.Length == 0 || Interlocked.Exchange(ref _notesAreLogged, true)) return;
        using var channel = _host.Start("Left out");
        foreach (var sentence in sentences) channel.Warning(MessageSensitivity.UserData, sentence);
    }

    // What is wrong with the options comes first: a pipe can be read only once.
    private static CsvSource[] Sources(IReadOnlyList<string> paths, CsvOptions options)
    {
        options.Validate();
        return [.. CsvFiles.Resolve(paths).Select(CsvSource.OfFile)];
    }

    private static DataViewSchema MakeSchema(CsvOptions options)
    {
        var builder = new DataViewSchema.Builder();
        if (options.JoinTexts) builder.AddColumn(options.TextColumnName, TextDataViewType.Instance);
        if (options.HasLabel)
            builder.AddColumn(options.LabelColumnName, options.LabelKind switch
            {
                _ when options.HasSeveralLabels => new VectorDataViewType(TextDataViewType.Instance),
                CsvLabelKind.Text => TextDataViewType.Instance,
                CsvLabelKind.Number => NumberDataViewType.Single,
                _ => BooleanDataViewType.Instance,
            });
        if (options.WeightColumn is not null) builder.AddColumn(options.WeightColumnName, NumberDataViewType.Single);
        foreach (var column in options.OwnColumns) builder.AddColumn(column.OutputName, TextDataViewType.Instance);
        return builder.ToSchema();
    }
}

/// <summary>Reads the files of a <see cref="CsvDataView"/> once, in order.</summary>
/// <remarks>Every row is checked in full, whichever columns are active, so that all cursors of a view skip the same rows.</remarks>
internal sealed class CsvCursor : DataViewRowCursor
{
    private readonly CsvDataView _view;
    private readonly bool[] _active;
    private readonly CsvRow _row = new();
    private readonly CsvReadingNotes _notes = new();
    private CsvFileReader? _reader;
    private int _nextFile;
    private long _position = -1;
    private bool _disposed;

    public CsvCursor(CsvDataView view, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        _view = view;
        _active = new bool[view.Schema.Count];
        foreach (var column in columnsNeeded) _active[column.Index] = true;
    }

    public override DataViewSchema Schema => _view.Schema;

    public override long Position => _position;

    public override long Batch => _position < 0 ? -1 : 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    /// <summary>Where the current row stands: the 0-based index of its file, and the row as a spreadsheet counts it.</summary>
    public (int File, long Row) Place => (_nextFile - 1, _reader!.Row);

    public override bool MoveNext()
    {
        if (_disposed) return false;
        while (NextRow())
        {
            try
            {
                if (_reader!.Parse(_row))
                {
                    _notes.Read();
                    _position++;
                    return true;
                }

                _notes.RepeatedHeader(_view.Files[_nextFile - 1].Name, _reader.Row);
            }
            catch (CsvDataException bad) when (_view.Options.BadRows == BadRowPolicy.Skip && !bad.EndsReading)
            {
                _notes.BadRow(bad);
            }
        }

        _view.Report(_notes);
        Dispose();
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index]) throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active.");
        return SchemaBinding.Typed<TValue>(MakeGetter(column.Name), column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)BatchSlot.Fetchable(_position), 0);

    protected override void Dispose(bool disposing)
    {
        if (_disposed) return;
        _disposed = true;
        _position = -1;
        if (disposing) _reader?.Dispose();
        base.Dispose(disposing);
    }

    private bool NextRow()
    {
        while (_reader is null || !_reader.Read())
        {
            _reader?.AddTo(_notes);
            _reader?.Dispose();
            _reader = null;
            if (_nextFile == _view.Files.Count) return false;
            _reader = new CsvFileReader(_view.Files[_nextFile++], _view.Options);
        }

        return true;
    }

    private Delegate MakeGetter(string column)
    {
        var options = _view.Options;
        if (options.JoinTexts && column == options.TextColumnName) return Getter(row => row.Text.AsMemory());
        if (column == options.WeightColumnName && options.WeightColumn is not null) return Getter(row => row.Weight);
        var own = options.OwnColumns;
        for (var i = 0; i < own.Count; i++)
            if (own[i].OutputName == column) return KeptGetter(i);
        if (options.HasSeveralLabels) return LabelsGetter();
        return options.LabelKind switch
        {
            CsvLabelKind.Text => Getter(row => row.LabelText.AsMemory()),
            CsvLabelKind.Number => Getter(row => row.LabelNumber),
            _ => Getter(row => row.LabelBoolean),
        };
    }

    private ValueGetter<ReadOnlyMemory<char>> KeptGetter(int index) => Getter(row => row.Kept[index].AsMemory());

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> LabelsGetter() => (ref VBuffer<ReadOnlyMemory<char>> destination) =>
    {
        BatchSlot.Fetchable(_position);
        destination.Set<ReadOnlyMemory<char>>(Array.ConvertAll(_row.Labels, label => label.AsMemory()));
    };

    private ValueGetter<T> Getter<T>(Func<CsvRow, T> value) => (ref T destination) =>
    {
        BatchSlot.Fetchable(_position);
        destination = value(_row);
    };
}

/// <summary>What one pass over the files left out, counted, with the first place of each kind.</summary>
internal sealed class CsvReadingNotes
{
    private long _rowsRead;
    private long _badRows;
    private CsvDataException? _firstBadRow;
    private long _repeatedHeaders;
    private string _firstRepeatedHeader = "";
    private long _marks;
    private string _firstMark = "";

    /// <summary>A row was read.</summary>
    public void Read() => _rowsRead++;

    /// <summary>A bad row was left out.</summary>
    public void BadRow(CsvDataException error)
    {
        _badRows += error.LinesLost;
        _firstBadRow ??= error;
    }

    /// <summary>A row that repeats the header was left out.</summary>
    public void RepeatedHeader(string file, long row)
    {
        if (_repeatedHeaders++ == 0) _firstRepeatedHeader = string.Create(CultureInfo.InvariantCulture, $"{file}, row {row}");
    }

    /// <summary>A file is read to its end.</summary>
    public void EndOf(string file, CsvTextReader text)
    {
        if (text.MarksLeftOut > 0 && _marks == 0) _firstMark = string.Create(CultureInfo.InvariantCulture, $"{file}, line {text.FirstMarkLine}");
        _marks += text.MarksLeftOut;
    }

    /// <summary>A sentence for each kind.</summary>
    public IEnumerable<string> Sentences()
    {
        if (_firstBadRow is not null)
            yield return string.Create(CultureInfo.InvariantCulture, $"{_badRows} of {_badRows + _rowsRead} rows were bad and left out; the first: {_firstBadRow.Message}");
        if (_repeatedHeaders > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Count(_repeatedHeaders, "row repeats", "rows repeat")} the header, as in files joined with cat; left out; the first: {_firstRepeatedHeader}.");
        if (_marks > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Count(_marks, "line begins", "lines begin")} with a byte order mark (U+FEFF), as in files joined with cat; the marks are left out; the first: {_firstMark}.");
    }

    private static string Count(long count, string one, string several) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : several)}");
}
