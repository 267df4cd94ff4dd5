using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Distinct values of one raw type in the order of their keys.</summary>
internal sealed class KeyVocabulary<T>(PrimitiveDataViewType itemType, IEqualityComparer<T> equality, IComparer<T> order) : KeyVocabulary(itemType)
{
    private readonly Predicate<T> _isMissing = MissingValues.Predicate<T>(itemType);
    private readonly Dictionary<T, uint> _keys = new(equality);
    private List<T> _values = [];

    public override int Count => _values.Count;

    public override void Sort()
    {
        List<T> sorted = [.. _values.Order(order)];
        _values = [];
        _keys.Clear();
        sorted.ForEach(Add);
    }

    public override Action CreateLearner(DataViewRow row, DataViewSchema.Column column, int maximum)
    {
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<T>> vectorGetter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            return () =>
            {
                vectorGetter(ref vector);
                foreach (T item in vector.DenseValues())
                {
                    Learn(item, maximum);
                }
            };
        }

        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            Learn(value, maximum);
        };
    }

    public override Delegate CreateMapper(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            return VectorMapping.Create<T, uint>(row.GetGetter<VBuffer<T>>(column), KeyOf);
        }

        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default;
        return (ValueGetter<uint>)((ref uint key) =>
        {
            getter(ref value);
            key = KeyOf(value);
        });
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText)
    {
        if (Count == 0)
        {
            return;
        }

        if (asText)
        {
            annotations.AddValues(AnnotationKinds.KeyValues, TextDataViewType.Instance, [.. _values.Select(AsText)]);
        }
        else
        {
            annotations.AddValues(AnnotationKinds.KeyValues, ItemType, [.. _values]);
        }
    }

    public override void Save(ModelWriter writer) => writer.WriteValues<T>(_values.ToArray());

    public override void Load(ModelReader reader)
    {
        foreach (T value in reader.ReadValues<T>())
        {
            if (_isMissing(value) || _keys.ContainsKey(value))
            {
                throw reader.Invalid($"the key value '{value}' is missing or there twice");
            }

            Add(value);
        }
    }

    private uint KeyOf(T value) => _keys.GetValueOrDefault(value);

    private void Learn(T value, int maximum)
    {
        if (Count < maximum && !_isMissing(value) && !_keys.ContainsKey(value))
        {
            Add(Detached(value));
        }
    }

    private void Add(T value)
    {
        _values.Add(value);
        _keys.Add(value, (uint)_values.Count);
    }

    // Text may be a window on a buffer that the row reuses or that is large.
    private static T Detached(T value) => value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;

    private static ReadOnlyMemory<char> AsText(T value) => (value switch
    {
        bool truth => truth ? "1" : "0",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    }).AsMemory();
}
