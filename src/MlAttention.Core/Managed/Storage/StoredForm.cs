namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// How the managed engine stores a linear map's weights [out, in] or its bias [out]: padded to multiples of the N lanes with zeros,
/// the weights tile by tile, [tile of inputs][output][N inputs]. Gradients and moments of padding are zero too, so it stays zero.
/// </summary>
internal sealed class StoredForm
{
    private readonly int _lanes;
    private readonly int[] _rows;
    private readonly int[]? _columns;
    private readonly int _width;

    /// <param name="lanes">N.</param>
    /// <param name="rows">The real output of each stored one, -1 for padding; a multiple of N entries.</param>
    /// <param name="columns">The real input of each stored one; null for a bias.</param>
    public StoredForm(int lanes, int[] rows, int[]? columns = null)
    {
        (_lanes, _rows, _columns) = (lanes, rows, columns);
        _width = columns is null ? 1 : columns.Max() + 1;
    }

    /// <summary>0, 1, ..., width - 1, then -1 up to a multiple of N.</summary>
    public static int[] Padded(int width, int lanes) => [.. Enumerable.Range(0, (width + lanes - 1) / lanes * lanes).Select(i => i < width ? i : -1)];

    /// <summary>Stored outputs.</summary>
    public int Outputs => _rows.Length;

    /// <summary>Stored inputs; 1 of a bias.</summary>
    public int Inputs => _columns?.Length ?? 1;

    /// <summary>Whether it is a matrix, not a bias.</summary>
    public bool IsMatrix => _columns is not null;

    /// <summary>Stored values.</summary>
    public int Count => checked(Outputs * Inputs);

    /// <summary>Real values to stored ones.</summary>
    public void Store(ReadOnlySpan<float> real, Span<float> stored)
    {
        stored.Clear();
        foreach (var (from, at, count) in Runs()) real.Slice(from, count).CopyTo(stored[at..]);
    }

    /// <summary>Stored values to real ones.</summary>
    public void Restore(ReadOnlySpan<float> stored, Span<float> real)
    {
        foreach (var (from, at, count) in Runs()) stored.Slice(at, count).CopyTo(real[from..]);
    }

    /// <summary>Neighbours in both forms: where they begin in the real one and in the stored one, and how many they are.</summary>
    private IEnumerable<(int Real, int Stored, int Count)> Runs()
    {
        if (_columns is null)
        {
            for (int row = 0; row < _rows.Length; row++)
                if (_rows[row] >= 0) yield return (_rows[row], row, 1);
            yield break;
        }
        for (int tile = 0; tile < _columns.Length; tile += _lanes)
        {
            // Padding comes only behind the columns of a head or of all.
            int count = _columns.AsSpan(tile, _lanes).IndexOf(-1) is >= 0 and var real ? real : _lanes;
            for (int row = 0; row < _rows.Length && count > 0; row++)
                if (_rows[row] >= 0) yield return (_rows[row] * _width + _columns[tile], tile * _rows.Length + row * _lanes, count);
        }
    }
}
