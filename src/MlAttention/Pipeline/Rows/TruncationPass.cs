namespace MlAttention.Pipeline.Rows;

/// <summary>What one pass over the rows cut, by one cursor or by a set of them; told to the log once, when the last cursor is done.</summary>
/// <param name="count">The transformer's count.</param>
/// <param name="cursors">Number of cursors that share the rows.</param>
internal sealed class TruncationPass(TruncationCount count, int cursors)
{
    private int _open = cursors;
    private long _rows;
    private long _tokens;

    /// <summary>Counts a row that a cursor arrived at, if tokens of it were cut.</summary>
    public void Count(int cutTokens)
    {
        if (cutTokens == 0) return;
        count.Count();
        Interlocked.Increment(ref _rows);
        Interlocked.Add(ref _tokens, cutTokens);
    }

    /// <summary>Called once by each cursor, at its end or when it is disposed before.</summary>
    public void CloseCursor()
    {
        if (Interlocked.Decrement(ref _open) == 0) count.Tell(_rows, _tokens);
    }
}
