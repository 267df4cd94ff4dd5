using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A table of scalar values; a key that it lacks gives the missing value.</summary>
internal sealed class ScalarValueMap<TKey, TValue>(PrimitiveDataViewType keyType, DataViewSchema.DetachedColumn value) : ValueMap<TKey, TValue>(keyType, value)
{
    private readonly TValue _missing = MissingValues.Value<TValue>();

    public override DataViewType OutputType(DataViewSchema.Column input)
    {
        CheckKeyType(input);
        return input.Type is VectorDataViewType vector ? new VectorDataViewType((PrimitiveDataViewType)Value.Type, vector.Dimensions) : Value.Type;
    }

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        if (input.Type is VectorDataViewType)
        {
            return VectorMapping.Create<TKey, TValue>(row.GetGetter<VBuffer<TKey>>(input), ValueOf);
        }

        ValueGetter<TKey> getter = row.GetGetter<TKey>(input);
        TKey key = default;
        return (ValueGetter<TValue>)((ref TValue value) =>
        {
            getter(ref key);
            value = ValueOf(key);
        });
    }

    public override void Save(ModelWriter writer)
    {
        writer.WriteValues<TKey>(Values.Keys.ToArray());
        writer.WriteValues<TValue>(Values.Values.ToArray());
    }

    public override void Load(ModelReader reader)
    {
        TKey[] keys = reader.ReadValues<TKey>();
        TValue[] values = reader.ReadValues<TValue>();
        if (keys.Length != values.Length)
        {
            throw reader.Invalid($"{keys.Length} keys have {values.Length} values");
        }

        for (int i = 0; i < keys.Length; i++)
        {
            Values.Add(keys[i], values[i]);
        }
    }

    private TValue ValueOf(TKey key) => Values.TryGetValue(key, out TValue value) ? value : _missing;
}
