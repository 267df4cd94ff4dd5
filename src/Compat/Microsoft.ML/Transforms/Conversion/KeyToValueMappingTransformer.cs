using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys to their values; the missing key 0 maps to empty text, NaN or the default.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "KeyToValue";

    internal KeyToValueMappingTransformer(InputOutputColumnPair[] columns)
        : base(columns)
    {
    }

    private protected override ColumnMapping MapColumn(int index, DataViewSchema.Column input)
    {
        if (input.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is not VectorDataViewType values)
        {
            throw new InvalidOperationException($"Metadata KeyValues does not exist: column '{input.Name}' has no values for its keys");
        }

        if (DataViewTypes.ItemType(input.Type) is not KeyDataViewType key || (ulong)values.Size != key.Count)
        {
            throw new InvalidOperationException($"KeyValues metadata size does not match column type key count: column '{input.Name}' is {input.Type}, its KeyValues are {values}");
        }

        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(values.ItemType, vector.Dimensions) : values.ItemType;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == AnnotationKinds.SlotNames);
        var output = new DataViewSchema.DetachedColumn(Columns[index].OutputColumnName, type, annotations.ToAnnotations());
        return new ColumnMapping(input, output, row => (Delegate)Generic.Call(
            typeof(KeyToValueMappingTransformer), nameof(CreateGetter), [key.RawType, values.ItemType.RawType], row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.Write(Signature, writer => writer.Write(Columns));

    private static Delegate CreateGetter<TKey, TValue>(DataViewRow row, DataViewSchema.Column input)
    {
        VBuffer<TValue> buffer = default;
        input.Annotations.GetValue(AnnotationKinds.KeyValues, ref buffer);
        TValue[] values = [.. buffer.DenseValues()];
        TValue missing = MissingValues.Value<TValue>();
        Func<TKey, ulong> toNumber = KeyNumbers.From<TKey>();
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

        TValue ValueOf(TKey raw)
        {
            ulong number = toNumber(raw);
            return number > 0 && number <= (ulong)values.Length ? values[number - 1] : missing;
        }
    }
}
