namespace MlAttention.Core.Optimizers;

/// <summary>Rows of a table that have been touched, in the order of their first touch.</summary>
/// <param name="count">Rows of the table.</param>
internal sealed class RowSet(int count)
{
    private readonly bool[] _has = new bool[count];
    private int[] _rows = new int[Math.Min(count, 64)];
    private int _count;

    /// <summary>Rows of the table.</summary>
    public int Capacity => _has.Length;

    /// <summary>The rows touched.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>Touches a row.</summary>
    public void Add(int row)
    {
        if (_has[row]) return;
        _has[row] = true;
        if (_count == _rows.Length) Array.Resize(ref _rows, Math.Min(2 * _count, _has.Length));
        _rows[_count++] = row;
    }

    /// <summary>Touches rows.</summary>
    public void Add(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows) Add(row);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        foreach (int row in Rows) _has[row] = false;
        _count = 0;
    }
}
