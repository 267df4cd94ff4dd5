using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Data;

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
        return MakeGetter(column.Name) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' of type {column.Type} cannot be read as {typeof(TValue)}.");
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Fetchable(_position), 0);

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
        if (column == options.TextColumnName) return Getter(row => row.Text.AsMemory());
        if (column == options.WeightColumnName && options.WeightColumn is not null) return Getter(row => row.Weight);
        for (var i = 0; i < options.KeptColumns.Count; i++)
            if (options.KeptColumns[i].OutputName == column) return KeptGetter(i);
        return options.LabelKind switch
        {
            CsvLabelKind.Text => Getter(row => row.LabelText.AsMemory()),
            CsvLabelKind.Number => Getter(row => row.LabelNumber),
            _ => Getter(row => row.LabelBoolean),
        };
    }

    private ValueGetter<ReadOnlyMemory<char>> KeptGetter(int index) => Getter(row => row.Kept[index].AsMemory());

    private ValueGetter<T> Getter<T>(Func<CsvRow, T> value) => (ref T destination) =>
    {
        Fetchable(_position);
        destination = value(_row);
    };

    private static long Fetchable(long position) =>
        position >= 0 ? position : throw new InvalidOperationException("Values cannot be fetched here: call MoveNext first, and only while it returns true.");
}
