using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A table from keys of one raw type to values of another.</summary>
internal abstract class ValueMap<TKey, TValue>(PrimitiveDataViewType keyType, DataViewSchema.DetachedColumn value) : ValueMap(keyType, value)
{
    protected Dictionary<TKey, TValue> Values { get; } = new(KeyComparer());

    protected void CheckKeyType(DataViewSchema.Column input)
    {
        PrimitiveDataViewType type = DataViewTypes.ItemType(input.Type);
        if (type.RawType != KeyType.RawType)
        {
            throw Compat.Guard.SchemaMismatch("input", input.Name, KeyType.ToString(), input.Type.ToString());
        }
    }

    protected override void Read(IDataView lookup, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
    {
        using DataViewRowCursor cursor = lookup.GetRowCursor([keyColumn, valueColumn]);
        ValueGetter<TKey> keyGetter = cursor.GetGetter<TKey>(keyColumn);
        ValueGetter<TValue> valueGetter = cursor.GetGetter<TValue>(valueColumn);
        while (cursor.MoveNext())
        {
            // Fresh variables, so that each row's value keeps buffers of its own.
            TKey key = default;
            TValue value = default;
            keyGetter(ref key);
            valueGetter(ref value);
            if (!Values.TryAdd(key, value))
            {
                throw new InvalidOperationException($"Duplicate keys in data map: '{key}'");
            }
        }
    }

    private static IEqualityComparer<TKey> KeyComparer() =>
        (IEqualityComparer<TKey>)(typeof(TKey) == typeof(ReadOnlyMemory<char>) ? (object)TextComparer.Instance : EqualityComparer<TKey>.Default);
}
