using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>One row at a time of a schema's columns, of which only the requested ones are active.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>Orders the rows of a cursor set: a row with a smaller batch number comes first.</summary>
    public abstract long Batch { get; }

    /// <summary>The row's number in this cursor; -1 before the first row and after the last.</summary>
    public abstract long Position { get; }

    public abstract DataViewSchema Schema { get; }

    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <exception cref="ArgumentOutOfRangeException">The column is not active.</exception>
    /// <exception cref="InvalidOperationException"><typeparamref name="TValue"/> is not the column's raw type.</exception>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
