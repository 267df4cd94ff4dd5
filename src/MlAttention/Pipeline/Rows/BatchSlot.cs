namespace MlAttention.Pipeline.Rows;

/// <summary>The row of a batch that getters read; -1 when there is none.</summary>
internal sealed class BatchSlot
{
    public int Value { get; set; } = -1;

    /// <summary>The row, for a getter.</summary>
    /// <exception cref="InvalidOperationException">There is no current row.</exception>
    public int Fetchable() =>
        Value >= 0 ? Value : throw new InvalidOperationException("Values cannot be fetched here: call MoveNext first, and only while it returns true.");
}
