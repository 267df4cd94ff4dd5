using CsvHelper.Configuration;
using CsvHelper;

namespace MlAttention.Csv;

/// <summary>Reads one CSV file row by row: the header and the columns when opened, then <see cref="Read"/> and <see cref="Parse"/> in turn.</summary>
internal sealed class CsvFileReader : IDisposable
{
    private readonly CsvSource _source;
    private readonly CsvOptions _options;
    private readonly CsvTextReader _text;
    private readonly CsvParser _parser;
    private readonly CsvRowErrors _errors;
    private readonly string[] _header;
    private readonly int[] _textColumns;
    private readonly int _labelColumn;
    private readonly int[] _labelColumns;
    private readonly int _weightColumn;
    private readonly int[] _keptColumns;
    private readonly bool[] _keptAreTexts;
    private readonly int _fieldCount;
    private readonly string[] _fields;
    private bool _firstRowIsWaiting;
    private bool _isBadlyQuoted;

    /// <exception cref="CsvDataException">The file is empty, cannot be opened, or lacks a column.</exception>
    public CsvFileReader(CsvSource source, CsvOptions options)
    {
        _source = source;
        _options = options;
        _text = CsvTextReader.Open(source, options.Encoding);
        _parser = new CsvParser(_text, Configuration(), leaveOpen: false);
        _errors = new CsvRowErrors(source.Name, _parser, _text, options);
        try
        {
            if (!Advance()) throw _errors.Problem(_text.IsEmpty ? "the file is empty." : "the file has only blank lines.");
            _fieldCount = _parser.Count;
            _fields = new string[_fieldCount];
            _header = ReadFirstRow();
            _errors.Header = _header;
            _firstRowIsWaiting = !_options.HasHeader;

            var (columns, terms) = (new CsvHeader(source.Name, _header, _fieldCount, options), options.Terms);
            _textColumns = [.. options.TextColumns.Select(column => columns.Find(column, terms.Text))];
            _labelColumns = [.. options.LabelColumns.Select(column => columns.Find(column, terms.Labels))];
            _labelColumn = options.LabelColumn is null || _labelColumns.Length > 0 ? -1 : columns.Find(options.LabelColumn, terms.Label);
            _weightColumn = options.WeightColumn is null ? -1 : columns.Find(options.WeightColumn, terms.Weight);
            _keptColumns = [.. options.OwnColumns.Select(column => columns.Find(column, column.IsText ? terms.Text : terms.Kept))];
            _keptAreTexts = [.. options.OwnColumns.Select(column => column.IsText)];
            RequireDifferentColumns();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The current row as a spreadsheet counts it.</summary>
    public long Row => _parser.Row;

    /// <summary>Names in the header; none without one.</summary>
    public IReadOnlyList<string> Header => _header;

    /// <summary>Goes to the next row.</summary>
    /// <returns>False after the last row.</returns>
    /// <exception cref="CsvDataException">A field is too long, so that the rows after it cannot be told, or the file is damaged.</exception>
    public bool Read()
    {
        if (!_firstRowIsWaiting) return Advance();
        _firstRowIsWaiting = false;
        return true;
    }

    /// <summary>Fills <paramref name="row"/> with the values of the current row.</summary>
    /// <returns>False, with nothing filled, when the row is no row but the header once more.</returns>
    /// <exception cref="CsvDataException">The row is bad; reading can go on unless <see cref="CsvDataException.EndsReading"/>.</exception>
    public bool Parse(CsvRow row)
    {
        ReadFields();
        // The single field of a row may well be a text that is called as the column.
        if (_header.Length > 1 && _fields.AsSpan().SequenceEqual(_header)) return false;
        row.Text = _textColumns.Length == 1 ? _fields[_textColumns[0]] : string.Join(_options.TextSeparator, _textColumns.Select(column => _fields[column]).Where(text => text.Length > 0));
        if (_labelColumns.Length > 0) row.Labels = [.. _labelColumns.Where(column => ParseBoolean(column)).Select(LabelName)];
        else if (_labelColumn >= 0) ParseLabel(row);
        if (_weightColumn >= 0) row.Weight = ParseNumber(_weightColumn, value => value >= 0 && float.IsFinite(value), "a finite number of 0 or more");
        if (_keptColumns.Length > 0) row.Kept = [.. _keptColumns.Select((column, index) => _keptAreTexts[index] ? _fields[column] : Field(column))];
        return true;
    }

    /// <summary>Adds what was left out of the whole file.</summary>
    public void AddTo(CsvReadingNotes notes) => notes.EndOf(_source.Name, _text);

    public void Dispose()
    {
        _parser?.Dispose();
        _text.Dispose();
    }

    private CsvConfiguration Configuration() => new(_options.Culture)
    {
        Delimiter = _options.Delimiter,
        DetectDelimiter = false,
        Mode = _options.Quote is null ? CsvMode.NoEscape : CsvMode.RFC4180,
        Quote = _options.Quote ?? '"',
        Escape = _options.Quote ?? '"',
        IgnoreBlankLines = true,
        MaxFieldSize = _options.MaxFieldLength,
        BadDataFound = _ => _isBadlyQuoted = true,
        BufferSize = 1 << 14,
        ProcessFieldBufferSize = 1 << 10,
    };

    private bool Advance()
    {
        try
        {
            return _parser.Read();
        }
        catch (MaxFieldSizeException exception)
        {
            throw _errors.FieldTooLong(exception);
        }
    }

    private string[] ReadFirstRow()
    {
        if (_parser.RawRecord.Contains('\0', StringComparison.Ordinal)) throw _errors.ZeroBytes();
        if (!_options.HasHeader) return [];
        ReadFields();
        return [.. _fields.Select(name => _options.Trim ? name.Trim() : name)];
    }

    private void ReadFields()
    {
        if (_parser.Count != _fieldCount) throw _errors.FieldCount(_fieldCount);

        for (var i = 0; i < _fields.Length; i++)
        {
            _isBadlyQuoted = false;
            var value = _fields[i] = _parser[i];
            if (_isBadlyQuoted) throw _errors.Quotes(i);
            if (value.Contains(CsvTextReader.InvalidBytes, StringComparison.Ordinal)) throw _errors.WrongEncoding(i, value);
        }
    }

    private void ParseLabel(CsvRow row)
    {
        switch (_options.LabelKind)
        {
            case CsvLabelKind.Text when _options.LabelSeparator is { } separator:
                row.Labels = Field(_labelColumn).Split(separator, _options.Trim ? StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries : StringSplitOptions.RemoveEmptyEntries);
                break;
            case CsvLabelKind.Text:
                row.LabelText = Field(_labelColumn);
                break;
            case CsvLabelKind.Number:
                row.LabelNumber = Field(_labelColumn).Length == 0 ? float.NaN : ParseNumber(_labelColumn, value => !float.IsInfinity(value), "a number");
                break;
            default:
                row.LabelBoolean = ParseBoolean(_labelColumn);
                break;
        }
    }

    private float ParseNumber(int column, Func<float, bool> allowed, string expected)
    {
        var text = Field(column);
        return float.TryParse(text, NumberStyles.Float, _options.Culture, out var value) && allowed(value) ? value : throw _errors.Number(column, text, expected);
    }

    private string LabelName(int column) => _options.LabelColumns[Array.IndexOf(_labelColumns, column)].OutputName;

    private bool ParseBoolean(int column) => Field(column).Trim().ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "1" => true,
        "FALSE" or "NO" or "0" => false,
        _ => throw _errors.Boolean(column, Field(column)),
    };

    private string Field(int column) => _options.Trim ? _fields[column].Trim() : _fields[column];

    private void RequireDifferentColumns()
    {
        if (_labelColumns.Append(_labelColumn).Intersect(_textColumns).ToArray() is [var shared, ..])
            throw _errors.Problem($"the label's column is a column of the text too, so that the text holds the answer. Correct {_options.Terms.Text} or {(_labelColumns.Length > 0 ? _options.Terms.Labels : _options.Terms.Label)}.", shared);
        if (_labelColumns.CountBy(column => column).FirstOrDefault(column => column.Value > 1) is { Value: > 1 } label) throw _errors.Problem($"the column is given twice. Correct {_options.Terms.Labels}.", label.Key);
        var twice = _textColumns.CountBy(column => column).FirstOrDefault(column => column.Value > 1);
        if (twice.Value > 1) throw _errors.Problem($"the column is given twice. Correct {_options.Terms.Text}.", twice.Key);
    }
}

/// <summary>The values of the current row; the reader fills those that its options ask for.</summary>
internal sealed class CsvRow
{
    public string Text { get; set; } = "";

    public string LabelText { get; set; } = "";

    public string[] Labels { get; set; } = [];

    public float LabelNumber { get; set; }

    public bool LabelBoolean { get; set; }

    public float Weight { get; set; }

    public string[] Kept { get; set; } = [];
}

/// <summary>Finds columns in a file's header, or by index, and explains what is missing.</summary>
internal sealed class CsvHeader(string file, string[] names, int fieldCount, CsvOptions options)
{
    private readonly CsvTerms _terms = options.Terms;

    /// <summary>The names in quotes, as an error tells them.</summary>
    public static string List(IEnumerable<string> names) => "columns " + string.Join(", ", names.Select(LookAlike.Quoted));

    /// <summary>The index of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="setting">What the setting is called that names it.</param>
    /// <exception cref="CsvDataException">There is no such column, or several have its name.</exception>
    public int Find(CsvColumn column, string setting)
    {
        if (column.Name is null)
            return column.Index < fieldCount ? column.Index : throw Error(string.Create(CultureInfo.InvariantCulture,
                $"there is no column with index {column.Index}: rows have {fieldCount} fields, index 0 to {fieldCount - 1}. Correct {setting} or {_terms.Delimiter}."));

        var index = Array.IndexOf(names, column.Name);
        if (index < 0) throw Error($"there is no column {LookAlike.Quoted(column.Name)}; the header has the {List(names)}. {Advice(column.Name, setting)}");
        if (Array.LastIndexOf(names, column.Name) != index) throw Error($"several columns are named {column}. {_terms.SameName}");
        return index;
    }

    private string Advice(string name, string setting)
    {
        var key = LookAlike.Key(name);
        var similar = Array.Find(names, other => LookAlike.Key(other) == key);
        if (similar is not null && similar.Trim() == name.Trim()) return $"Did you mean {LookAlike.Quoted(similar)}? Blanks count, unless they are left out with {_terms.Trim}.";
        if (similar is not null) return $"Did you mean {LookAlike.Quoted(similar)}?";
        var delimiter = names is [var only] ? Array.Find([";", "\t", "|", ","], other => only.Contains(other, StringComparison.Ordinal)) : null;
        if (delimiter is not null) return $"The delimiter seems to be '{Shown(delimiter)}': set {_terms.Delimiter} to it (now '{Shown(options.Delimiter)}').";
        return $"Set {setting} to one of them.";
    }

    private static string Shown(string delimiter) => delimiter.Replace("\t", "\\t", StringComparison.Ordinal);

    private CsvDataException Error(string problem) => new(problem, file, options.HasHeader ? 1 : null);
}
