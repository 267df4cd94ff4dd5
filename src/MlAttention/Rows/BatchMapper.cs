namespace MlAttention.Rows;

/// <summary>Computes a transformer's outputs for the rows of a batch. One instance serves one cursor or row, on one thread.</summary>
/// <remarks>Rows made by prediction engines are never disposed, so a mapper holds no native memory.</remarks>
internal abstract class BatchMapper
{
    /// <summary>Makes the getters of the input columns.</summary>
    public abstract void Bind(DataViewRow input);

    /// <summary>Copies the input of the current row to a slot of the batch.</summary>
    public abstract void Read(int slot);

    /// <summary>Computes the outputs of slots 0 to <paramref name="count"/> - 1.</summary>
    public abstract void Run(int count);

    /// <summary>A ValueGetter of an output column that reads the slot's row.</summary>
    public abstract Delegate MakeGetter(int output, BatchSlot slot);

    /// <summary>Tokens that were cut off the row in a slot.</summary>
    public virtual int CutTokens(int slot) => 0;
}

/// <summary>The row of a batch that getters read; -1 when there is none.</summary>
internal sealed class BatchSlot
{
    public int Value { get; set; } = -1;

    /// <summary>The row, for a getter.</summary>
    /// <exception cref="InvalidOperationException">There is no current row.</exception>
    public int Fetchable() => (int)Fetchable(Value);

    /// <summary>A cursor's position, for a getter.</summary>
    /// <exception cref="InvalidOperationException">There is no current row.</exception>
    public static long Fetchable(long position) =>
        position >= 0 ? position : throw new InvalidOperationException("Values cannot be fetched here: call MoveNext first, and only while it returns true.");
}
