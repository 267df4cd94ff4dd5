namespace MlAttention.Rows;

/// <summary>
/// Reads rows ahead in batches and computes a batch when one of its outputs is fetched first. Batches grow from a few rows to
/// the maximum, so that looking at the first rows stays cheap.
/// </summary>
internal sealed class BatchCursor(SchemaBinding binding, SequenceTransformer transformer, DataViewRowCursor input, bool[] active, TruncationPass truncation) : DataViewRowCursor
{
    /// <summary>Rows in the first batch.</summary>
    public const int FirstBatchSize = 4;

    /// <summary>Rows in the largest batch.</summary>
    public const int MaxBatchSize = 64;

    private readonly ValueGetter<DataViewRowId> _inputId = input.GetIdGetter();
    private readonly ColumnBuffer?[] _passedThrough = [.. binding.Input.Select(column => active[column.Index] ? ColumnBuffer.Create(input, column, MaxBatchSize) : null)];
    private readonly BatchMapper _mapper = transformer.CreateMapper(input, MaxBatchSize);
    private readonly DataViewRowId[] _ids = new DataViewRowId[MaxBatchSize];
    private readonly long[] _batches = new long[MaxBatchSize];
    private readonly BatchSlot _slot = new();
    private int _size = FirstBatchSize;
    private int _count;
    private long _position = -1;
    private bool _computed;
    private bool _inputIsDone;
    private bool _disposed;

    public override DataViewSchema Schema => binding.Output;

    public override long Position => _position;

    public override long Batch => _slot.Value >= 0 ? _batches[_slot.Value] : -1;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[_slot.Fetchable()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        SchemaBinding.RequireActive(active, column);
        if (column.Index < binding.FirstAdded) return SchemaBinding.Typed<TValue>(_passedThrough[column.Index]!.MakeGetter(_slot), column);

        var getter = SchemaBinding.Typed<TValue>(_mapper.MakeGetter(column.Index - binding.FirstAdded, _slot), column);
        return (ref TValue destination) =>
        {
            Compute();
            getter(ref destination);
        };
    }

    public override bool MoveNext()
    {
        if (_disposed) return false;
        if (_slot.Value + 1 >= _count && !ReadBatch())
        {
            Dispose();
            return false;
        }

        _slot.Value++;
        _position++;
        truncation.Count(_mapper.CutTokens(_slot.Value));
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed) return;
        _disposed = true;
        _position = -1;
        _slot.Value = -1;
        truncation.CloseCursor();
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }

    private bool ReadBatch()
    {
        _slot.Value = -1;
        _count = 0;
        _computed = false;
        while (_count < _size && !_inputIsDone)
        {
            if (!input.ReadNext())
            {
                _inputIsDone = true;
                break;
            }

            foreach (var column in _passedThrough) column?.Read(_count);
            _inputId(ref _ids[_count]);
            _batches[_count] = input.Batch;
            _mapper.Read(_count);
            _count++;
        }

        _size = Math.Min(_size * 2, MaxBatchSize);
        return _count > 0;
    }

    private void Compute()
    {
        _slot.Fetchable();
        if (_computed) return;
        _mapper.Run(_count);
        _computed = true;
    }
}

/// <summary>The values of a passed-through column for the rows of a batch.</summary>
internal abstract class ColumnBuffer
{
    public abstract void Read(int slot);

    public abstract Delegate MakeGetter(BatchSlot slot);

    /// <summary>A buffer for a column of any type.</summary>
    public static ColumnBuffer Create(DataViewRow row, DataViewSchema.Column column, int size)
    {
        var raw = column.Type.RawType;
        var type = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(OfVectors<>).MakeGenericType(raw.GetGenericArguments())
            : typeof(OfValues<>).MakeGenericType(raw);
        return (ColumnBuffer)Activator.CreateInstance(type, row, column, size)!;
    }

    private sealed class OfValues<T>(DataViewRow row, DataViewSchema.Column column, int size) : ColumnBuffer
    {
        private readonly T[] _values = new T[size];
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);

        public override void Read(int slot) => _getter(ref _values[slot]);

        public override Delegate MakeGetter(BatchSlot slot) => (ValueGetter<T>)((ref T destination) => destination = _values[slot.Fetchable()]);
    }

    private sealed class OfVectors<T>(DataViewRow row, DataViewSchema.Column column, int size) : ColumnBuffer
    {
        private readonly VBuffer<T>[] _values = new VBuffer<T>[size];
        private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);

        public override void Read(int slot) => _getter(ref _values[slot]);

        public override Delegate MakeGetter(BatchSlot slot) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => _values[slot.Fetchable()].CopyTo(ref destination));
    }
}
