using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A table of vector values; a key that it lacks gives a vector of defaults.</summary>
internal sealed class VectorValueMap<TKey, TItem>(PrimitiveDataViewType keyType, DataViewSchema.DetachedColumn value) : ValueMap<TKey, VBuffer<TItem>>(keyType, value)
{
    public override DataViewType OutputType(DataViewSchema.Column input)
    {
        CheckKeyType(input);
        return input.Type is VectorDataViewType
            ? throw new NotSupportedException($"Column '{input.Name}' cannot be mapped to values when the column and the map values are both vector type.")
            : Value.Type;
    }

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<TKey> getter = row.GetGetter<TKey>(input);
        int missingLength = ((VectorDataViewType)Value.Type).Size;
        TKey key = default;
        return (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> value) =>
        {
            getter(ref key);
            if (Values.TryGetValue(key, out VBuffer<TItem> found))
            {
                found.CopyTo(ref value);
            }
            else
            {
                value = VBufferEditor.Create(ref value, missingLength, valuesCount: 0).Commit();
            }
        });
    }

    public override void Save(ModelWriter writer)
    {
        writer.WriteValues<TKey>(Values.Keys.ToArray());
        foreach (VBuffer<TItem> vector in Values.Values)
        {
            writer.WriteValues<TItem>(vector.IsDense ? vector.GetValues() : vector.DenseValues().ToArray());
        }
    }

    public override void Load(ModelReader reader)
    {
        foreach (TKey key in reader.ReadValues<TKey>())
        {
            TItem[] items = reader.ReadValues<TItem>();
            Values.Add(key, new VBuffer<TItem>(items.Length, items));
        }
    }
}
