using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace MlAttention.Data;

/// <summary>Reads one CSV file row by row: the header and the columns when opened, then <see cref="Read"/> and <see cref="Parse"/> in turn.</summary>
internal sealed class CsvFileReader : IDisposable
{
    private readonly string _path;
    private readonly CsvOptions _options;
    private readonly StreamReader _text;
    private readonly CsvParser _parser;
    private readonly string[] _header;
    private readonly int[] _textColumns;
    private readonly int _labelColumn;
    private readonly int _weightColumn;
    private readonly int[] _keptColumns;
    private readonly int _fieldCount;
    private readonly string[] _fields;
    private bool _firstRowIsWaiting;
    private string? _badlyQuoted;

    /// <exception cref="CsvDataException">The file is empty, cannot be opened, or lacks a column.</exception>
    public CsvFileReader(string path, CsvOptions options)
    {
        _path = path;
        _options = options;
        _text = Open();
        _parser = new CsvParser(_text, Configuration(), leaveOpen: false);
        try
        {
            if (!Advance()) throw Error(_text.BaseStream.Length == 0 ? "the file is empty." : "the file has only blank lines.");
            _fieldCount = _parser.Count;
            _fields = new string[_fieldCount];
            _header = _options.HasHeader ? ReadHeader() : [];
            _firstRowIsWaiting = !_options.HasHeader;

            var columns = new CsvHeader(path, _header, _fieldCount, options);
            _textColumns = [.. options.TextColumns.Select(columns.Find)];
            _labelColumn = options.LabelColumn is null ? -1 : columns.Find(options.LabelColumn);
            _weightColumn = options.WeightColumn is null ? -1 : columns.Find(options.WeightColumn);
            _keptColumns = [.. options.KeptColumns.Select(columns.Find)];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False after the last row.</returns>
    /// <exception cref="CsvDataException">A field is too long, so that the rows after it cannot be told.</exception>
    public bool Read()
    {
        if (!_firstRowIsWaiting) return Advance();
        _firstRowIsWaiting = false;
        return true;
    }

    /// <summary>Fills <paramref name="row"/> with the values of the current row.</summary>
    /// <exception cref="CsvDataException">The row is bad; reading can go on unless <see cref="CsvDataException.EndsReading"/>.</exception>
    public void Parse(CsvRow row)
    {
        ReadFields();
        row.Text = _textColumns.Length == 1 ? Field(_textColumns[0]) : string.Join(_options.TextSeparator, _textColumns.Select(Field).Where(text => text.Length > 0));
        if (_labelColumn >= 0) ParseLabel(row);
        if (_weightColumn >= 0) row.Weight = ParseNumber(_weightColumn, value => value >= 0 && float.IsFinite(value), "a finite number of 0 or more");
        if (_keptColumns.Length > 0) row.Kept = Array.ConvertAll(_keptColumns, Field);
    }

    public void Dispose()
    {
        _parser?.Dispose();
        _text.Dispose();
    }

    private StreamReader Open()
    {
        try
        {
            return CsvTextReader.Open(_path, _options.Encoding);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CsvDataException($"the file cannot be opened: {exception.Message}", _path, innerException: exception);
        }
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
        BadDataFound = found => _badlyQuoted = found.Field,
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
            throw new CsvDataException(string.Create(CultureInfo.InvariantCulture,
                $"a field is longer than MaxFieldLength = {_options.MaxFieldLength} characters. A quote before it may not be closed; otherwise set CsvOptions.MaxFieldLength higher."),
                _path, _parser.Row, innerException: exception) { EndsReading = true };
        }
    }

    private string[] ReadHeader()
    {
        ReadFields();
        var utf16 = Array.FindIndex(_fields, name => name.Contains('\0', StringComparison.Ordinal));
        if (utf16 >= 0) throw Error("the header holds zero bytes, as UTF-16 read in another encoding does. Set CsvOptions.Encoding to the file's encoding.", utf16);
        return [.. _fields];
    }

    private void ReadFields()
    {
        if (_parser.Count != _fieldCount)
            throw Error($"the row has {Fields(_parser.Count)}, but the {(_options.HasHeader ? "header" : "first row")} has {Fields(_fieldCount)}{Present()}. " +
                        "Add the missing delimiters, or quote the fields that hold a delimiter.");

        for (var i = 0; i < _fields.Length; i++)
        {
            _badlyQuoted = null;
            var value = _fields[i] = _parser[i];
            if (_badlyQuoted is not null) throw BadQuote(i, _badlyQuoted);
            if (value.Contains(CsvTextReader.InvalidBytes, StringComparison.Ordinal)) throw WrongEncoding(i, value);
        }
    }

    private void ParseLabel(CsvRow row)
    {
        switch (_options.LabelKind)
        {
            case CsvLabelKind.Text:
                row.LabelText = Field(_labelColumn);
                break;
            case CsvLabelKind.Number:
                row.LabelNumber = Field(_labelColumn).Length == 0 ? float.NaN : ParseNumber(_labelColumn, value => !float.IsInfinity(value), "a number");
                break;
            default:
                row.LabelBoolean = ParseBoolean(Field(_labelColumn));
                break;
        }
    }

    private float ParseNumber(int column, Func<float, bool> allowed, string expected)
    {
        var text = Field(column);
        if (float.TryParse(text, NumberStyles.Float, _options.Culture, out var value) && allowed(value)) return value;
        var culture = _options.Culture.Name.Length == 0 ? "invariant" : _options.Culture.Name;
        throw Error($"got {Quoted(text)}, expected {expected} of the {culture} culture{Present()}. Correct the value, or set CsvOptions.Culture.", column);
    }

    private bool ParseBoolean(string text) => text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "1" => true,
        "FALSE" or "NO" or "0" => false,
        _ => throw Error($"got {Quoted(text)}, expected true or false, yes or no, 1 or 0{Present()}. Correct the value, or set CsvOptions.LabelKind = Text.", _labelColumn),
    };

    private string Field(int column) => _fields[column];

    private CsvDataException BadQuote(int column, string field)
    {
        var swallowedLines = field.AsSpan().ContainsAny('\n', '\r');
        var problem = swallowedLines
            ? $"the field that starts with {Quoted(field)} has a quote that is not closed, or text after its closing quote, and holds line breaks. Close it, and double the quotes inside it."
            : $"got {Quoted(field)}, which has a quote where none may be. Put the field in quotes and double those inside it, or set CsvOptions.Quote = null when the file quotes nothing.";
        var error = Error(problem, column);
        error.EndsReading = swallowedLines;
        return error;
    }

    private CsvDataException WrongEncoding(int column, string value)
    {
        var encoding = _text.CurrentEncoding.WebName;
        return Error($"got {Quoted(value.Replace(CsvTextReader.InvalidBytes, '\uFFFD'))}, which holds bytes that are not {encoding}. Set CsvOptions.Encoding (for example Encoding.Latin1) or save the file as {encoding}.", column);
    }

    private CsvDataException Error(string problem, int? column = null) => new(problem, _path,
        row: _parser.Row > 0 ? _parser.Row : null,
        column: column is null ? null : _header is { Length: > 0 } ? $"'{_header[column.Value]}'" : column.Value.ToString(CultureInfo.InvariantCulture));

    private string Present() => _header is { Length: > 0 } ? $" ({CsvHeader.List(_header)})" : "";

    private static string Fields(int count) => count == 1 ? "1 field" : string.Create(CultureInfo.InvariantCulture, $"{count} fields");

    private static string Quoted(string value)
    {
        var oneLine = value.ReplaceLineEndings(" ");
        return oneLine.Length <= 60 ? $"\"{oneLine}\"" : $"\"{oneLine[..60]}...\"";
    }
}
