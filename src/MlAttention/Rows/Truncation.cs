namespace MlAttention.Rows;

/// <summary>
/// Counts the rows that a transformer cut and tells the log: of a pass over rows once, of rows mapped one at a time the first and
/// then each power of ten. Thread-safe.
/// </summary>
/// <param name="host">Whose log is told, or null.</param>
/// <param name="maxLength">The length that rows are cut to, in tokens.</param>
internal sealed class TruncationCount(IHost? host, int maxLength)
{
    private long _rows;
    private long _mappedRows;
    private long _mappedTokens;

    /// <summary>Whose log is told; null until a loaded transformer is given one.</summary>
    public IHost? Host { get; set; } = host;

    /// <summary>Rows cut so far.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Counts a row of a pass, which tells the log itself.</summary>
    public void Count() => Interlocked.Increment(ref _rows);

    /// <summary>Counts a row that was mapped by itself, if tokens of it were cut.</summary>
    public void CountMapped(int cutTokens)
    {
        if (cutTokens == 0) return;
        Count();
        long tokens = Interlocked.Add(ref _mappedTokens, cutTokens), rows = Interlocked.Increment(ref _mappedRows);
        if (IsPowerOfTen(rows)) Tell(rows, tokens, " so far");
    }

    /// <summary>Tells the log, if anything was cut.</summary>
    public void Tell(long rows, long tokens, string when = "")
    {
        if (rows == 0 || Host is null) return;
        using var channel = Host.Start("Truncation");
        channel.Warning(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture,
            $"Truncated: {tokens} tokens of {rows} rows{when}, because MaxLength = {maxLength}."));
    }

    private static bool IsPowerOfTen(long number)
    {
        while (number % 10 == 0) number /= 10;
        return number == 1;
    }
}

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
