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
        return new MappedRow(_binding, anyAdded ? transformer.CreateMapper(1) : null, transformer.Truncation, input, active);
    }
}

/// <summary>A row whose added columns are computed once for each position of the input row.</summary>
internal sealed class MappedRow : DataViewRow
{
    private readonly SchemaBinding _binding;
    private readonly BatchMapper? _mapper;
    private readonly TruncationCount _truncation;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly BatchSlot _slot = new() { Value = 0 };
    private long _computedPosition = long.MinValue;

    public MappedRow(SchemaBinding binding, BatchMapper? mapper, TruncationCount truncation, DataViewRow input, bool[] active)
    {
        _binding = binding;
        _mapper = mapper;
        _truncation = truncation;
        _input = input;
        _active = active;
        mapper?.Bind(input);
    }

    public override DataViewSchema Schema => _binding.Output;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        SchemaBinding.RequireActive(_active, column);
        if (column.Index < _binding.FirstAdded) return _input.GetGetter<TValue>(_binding.Input[column.Index]);

        var getter = SchemaBinding.Typed<TValue>(_mapper!.MakeGetter(column.Index - _binding.FirstAdded, _slot), column);
        return (ref TValue destination) =>
        {
            Compute();
            getter(ref destination);
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _input.Dispose();
        base.Dispose(disposing);
    }

    private void Compute()
    {
        if (_computedPosition == _input.Position) return;
        _mapper!.Read(0);
        _mapper.Run(1);
        _truncation.CountMapped(_mapper.CutTokens(0));
        _computedPosition = _input.Position;
    }
}
