namespace MlAttention.Cli.Input;

/// <summary>Texts of a data view, some at a time, with further columns.</summary>
internal sealed class TextWindow : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<ReadOnlyMemory<char>> _getText;
    private readonly ValueGetter<ReadOnlyMemory<char>>[] _getFields;
    private readonly List<string> _texts = [];
    private readonly List<string[]> _fields = [];

    /// <summary>Opens a pass over rows.</summary>
    /// <param name="rows">The rows, with the column Text.</param>
    /// <param name="fields">Further columns of texts.</param>
    public TextWindow(IDataView rows, IReadOnlyList<string> fields)
    {
        DataViewSchema.Column text = rows.Schema["Text"];
        DataViewSchema.Column[] others = [.. fields.Select(field => rows.Schema[field])];
        _cursor = rows.GetRowCursor([text, .. others]);
        _getText = _cursor.GetGetter<ReadOnlyMemory<char>>(text);
        _getFields = [.. others.Select(_cursor.GetGetter<ReadOnlyMemory<char>>)];
    }

    /// <summary>The texts that were read last.</summary>
    public IReadOnlyList<string> Current => _texts;

    /// <summary>The further columns of one of them.</summary>
    public IReadOnlyList<string> Fields(int index) => _fields[index];

    /// <summary>All texts read so far.</summary>
    public long Texts { get; private set; }

    /// <summary>Those among them without a word.</summary>
    public long Empty { get; private set; }

    /// <summary>Reads the next texts, or tells that there are none.</summary>
    /// <param name="most">How many at most.</param>
    public bool Read(int most, CancellationToken cancellation)
    {
        _texts.Clear();
        _fields.Clear();
        while (_texts.Count < most && _cursor.ReadNext())
        {
            cancellation.ThrowIfCancellationRequested();
            string text = Fetch(_getText);
            if (string.IsNullOrWhiteSpace(text)) Empty++;
            _texts.Add(text);
            _fields.Add([.. _getFields.Select(Fetch)]);
        }
        Texts += _texts.Count;
        return _texts.Count > 0;
    }

    public void Dispose() => _cursor.Dispose();

    private static string Fetch(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> text = default;
        getter(ref text);
        return text.ToString();
    }
}
