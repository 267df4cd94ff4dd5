using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A table from keys to values.</summary>
internal abstract class ValueMap(PrimitiveDataViewType keyType, DataViewSchema.DetachedColumn value)
{
    public PrimitiveDataViewType KeyType { get; } = keyType;

    /// <summary>The type and annotations of the values.</summary>
    public DataViewSchema.DetachedColumn Value { get; } = value;

    /// <summary>Reads the table from the rows of a data view.</summary>
    public static ValueMap FromDataView(IDataView lookup, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
    {
        Guard.Param(keyColumn.Type is PrimitiveDataViewType, nameof(keyColumn), $"The key column '{keyColumn.Name}' must be scalar; got {keyColumn.Type}.");
        ValueMap map = Create((PrimitiveDataViewType)keyColumn.Type, new DataViewSchema.DetachedColumn(valueColumn));
        map.Read(lookup, keyColumn, valueColumn);
        return map;
    }

    public static ValueMap Create(PrimitiveDataViewType keyType, DataViewSchema.DetachedColumn value)
    {
        bool vector = value.Type is VectorDataViewType;
        return (ValueMap)Generic.Call(typeof(ValueMap), vector ? nameof(CreateVector) : nameof(CreateScalar), [keyType.RawType, DataViewTypes.ItemType(value.Type).RawType], keyType, value);
    }

    /// <summary>The type of the output for an input column: vectors of keys give vectors of values.</summary>
    public abstract DataViewType OutputType(DataViewSchema.Column input);

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input);

    public abstract void Save(ModelWriter writer);

    public abstract void Load(ModelReader reader);

    protected abstract void Read(IDataView lookup, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn);

    private static ScalarValueMap<TKey, TValue> CreateScalar<TKey, TValue>(PrimitiveDataViewType keyType, DataViewSchema.DetachedColumn value) => new(keyType, value);

    private static VectorValueMap<TKey, TItem> CreateVector<TKey, TItem>(PrimitiveDataViewType keyType, DataViewSchema.DetachedColumn value) => new(keyType, value);
}
