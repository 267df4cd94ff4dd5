using System.Collections;
using Microsoft.ML.Compat;

namespace Microsoft.ML;

/// <summary>The ordered columns of a data view; of several with one name the last is visible, the others are hidden.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _visible = [];

    private DataViewSchema(IReadOnlyList<DetachedColumn> columns)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            _visible[columns[i].Name] = i;
        }

        _columns = new Column[columns.Count];
        for (int i = 0; i < _columns.Length; i++)
        {
            _columns[i] = new Column(columns[i], i, isHidden: _visible[columns[i].Name] != i);
        }
    }

    public int Count => _columns.Length;

    public Column this[string name] =>
        GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found");

    public Column this[int columnIndex]
    {
        get
        {
            Guard.Param((uint)columnIndex < (uint)_columns.Length, nameof(columnIndex));
            return _columns[columnIndex];
        }
    }

    public Column? GetColumnOrNull(string name)
    {
        Guard.NotEmpty(name, nameof(name));
        return _visible.TryGetValue(name, out int index) ? _columns[index] : null;
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _columns.GetEnumerator();

    public override string ToString() => $"{Count} columns";
}
