namespace MlAttention.Rows;

/// <summary>Maps one row at a time, for prediction engines.</summary>
internal sealed class RowMapper(SequenceTransformer transformer, DataViewSchema input) : IRowToRowMapper
{
    private readonly SchemaBinding _binding = new(transformer, input);

    public DataViewSchema InputSchema => _binding.Input;

    public DataViewSchema OutputSchema => _binding.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = _binding.Activate(dependingColumns, out var anyAdded);
        return _binding.Needed(active, anyAdded);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != _binding.Input) throw new ArgumentException("The row's schema must be the one that the mapper was made for.", nameof(input));
        var active = _binding.Activate(activeColumns, out var anyAdded);
        return new MappedRow(_binding, anyAdded ? transformer.CreateMapper(input, 1) : null, transformer.Truncation, input, active);
    }
}

/// <summary>A row whose added columns are computed once for each position of the input row.</summary>
internal sealed class MappedRow(SchemaBinding binding, BatchMapper? mapper, TruncationCount truncation, DataViewRow input, bool[] active) : DataViewRow
{
    private readonly BatchSlot _slot = new() { Value = 0 };
    private long _computedPosition = long.MinValue;

    public override DataViewSchema Schema => binding.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        SchemaBinding.RequireActive(active, column);
        if (column.Index < binding.FirstAdded) return input.GetGetter<TValue>(binding.Input[column.Index]);

        var getter = SchemaBinding.Typed<TValue>(mapper!.MakeGetter(column.Index - binding.FirstAdded, _slot), column);
        return (ref TValue destination) =>
        {
            Compute();
            getter(ref destination);
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }

    private void Compute()
    {
        if (_computedPosition == input.Position) return;
        mapper!.Read(0);
        mapper.Run(1);
        truncation.CountMapped(mapper.CutTokens(0));
        _computedPosition = input.Position;
    }
}
