namespace Microsoft.ML.Data;

/// <summary>Keeps values of one column in numbered slots.</summary>
internal abstract class ColumnStore
{
    /// <summary>A store that copies from the row's column into whichever slot it is told.</summary>
    public static ColumnStore Create(DataViewRow row, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        bool vector = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>);
        Type store = vector ? typeof(VectorStore<>).MakeGenericType(raw.GetGenericArguments()) : typeof(ScalarStore<>).MakeGenericType(raw);
        return (ColumnStore)Activator.CreateInstance(store, row, column);
    }

    public abstract void Read(int slot);

    /// <summary>A getter of the slot that <paramref name="current"/> names when it is called.</summary>
    public abstract Delegate CreateGetter(Func<int> current);

    private static void EnsureSlot<T>(ref T[] slots, int slot)
    {
        if (slot >= slots.Length)
        {
            Array.Resize(ref slots, Math.Max(2 * slots.Length, Math.Max(16, slot + 1)));
        }
    }

    private sealed class ScalarStore<T>(DataViewRow row, DataViewSchema.Column column) : ColumnStore
    {
        private readonly ValueGetter<T> _source = row.GetGetter<T>(column);
        private T[] _slots = [];

        public override void Read(int slot)
        {
            EnsureSlot(ref _slots, slot);
            _source(ref _slots[slot]);
        }

        public override Delegate CreateGetter(Func<int> current) =>
            (ValueGetter<T>)((ref T value) => value = _slots[current()]);
    }

    private sealed class VectorStore<T>(DataViewRow row, DataViewSchema.Column column) : ColumnStore
    {
        private readonly ValueGetter<VBuffer<T>> _source = row.GetGetter<VBuffer<T>>(column);
        private VBuffer<T>[] _slots = [];

        public override void Read(int slot)
        {
            EnsureSlot(ref _slots, slot);
            _source(ref _slots[slot]);
        }

        public override Delegate CreateGetter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _slots[current()].CopyTo(ref value));
    }
}
