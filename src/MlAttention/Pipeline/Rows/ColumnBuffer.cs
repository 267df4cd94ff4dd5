using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Pipeline.Rows;

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
