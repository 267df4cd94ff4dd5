namespace MlAttention.Engines.Managed;

/// <summary>Rows of a table that have been touched, in the order of their first touch.</summary>
/// <param name="count">Rows of the table.</param>
internal sealed class RowSet(int count)
{
    private readonly bool[] _has = new bool[count];
    private readonly int[] _rows = new int[count];
    private int _count;

    /// <summary>Rows of the table.</summary>
    public int Capacity => _has.Length;

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    public void Add(int row)
    {
        if (_has[row]) return;
        _has[row] = true;
        _rows[_count++] = row;
    }

    public void Clear()
    {
        foreach (int row in Rows) _has[row] = false;
        _count = 0;
    }
}
