namespace MlAttention.Rows;

/// <summary>The lazy result of Transform: the input's columns and the transformer's.</summary>
internal sealed class BatchDataView(SequenceTransformer transformer, IDataView input) : IDataView
{
    private readonly SchemaBinding _binding = new(transformer, input.Schema);

    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => _binding.Output;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = _binding.Activate(columnsNeeded, out var anyAdded);
        return Wrap(input.GetRowCursor(_binding.Needed(active, anyAdded), rand), active, anyAdded, new TruncationPass(transformer.Truncation, cursors: 1));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = _binding.Activate(columnsNeeded, out var anyAdded);
        var cursors = input.GetRowCursorSet(_binding.Needed(active, anyAdded), n, rand);
        var truncation = new TruncationPass(transformer.Truncation, cursors.Length);
        return [.. cursors.Select(cursor => Wrap(cursor, active, anyAdded, truncation))];
    }

    private DataViewRowCursor Wrap(DataViewRowCursor cursor, bool[] active, bool anyAdded, TruncationPass truncation)
    {
        try
        {
            return anyAdded ? new BatchCursor(_binding, transformer, cursor, active, truncation) : new PassThroughCursor(_binding, cursor, active);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}

/// <summary>A cursor of which no added column is wanted: nothing is computed and nothing read ahead.</summary>
internal sealed class PassThroughCursor(SchemaBinding binding, DataViewRowCursor input, bool[] active) : ForwardingCursor(input)
{
    public override DataViewSchema Schema => binding.Output;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext() => Source.MoveNext();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        SchemaBinding.RequireActive(active, column);
        return Source.GetGetter<TValue>(binding.Input[column.Index]);
    }
}
