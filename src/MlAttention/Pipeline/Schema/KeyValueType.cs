using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Persistence;

namespace MlAttention.Pipeline.Schema;

/// <summary>One type of key values.</summary>
internal abstract class KeyValueType(PrimitiveDataViewType dataType)
{
    public PrimitiveDataViewType DataType => dataType;

    public abstract KeyValues FromColumn(DataViewSchema.Column column);

    public abstract KeyValues FromTexts(string[] texts);

    public abstract KeyValues Example(int count);
}

/// <summary>Key values of type <typeparamref name="T"/>; in a model file they are texts of the invariant culture.</summary>
internal sealed class KeyValueType<T>(PrimitiveDataViewType dataType, Func<T, string> format, Func<string, T> parse) : KeyValueType(dataType)
{
    public KeyValueType(PrimitiveDataViewType dataType)
        : this(dataType, value => Convert.ToString(value, CultureInfo.InvariantCulture)!, text => (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture)) { }

    public override KeyValues FromColumn(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return new Values(this, [.. values.DenseValues()]);
    }

    public override KeyValues FromTexts(string[] texts) => new Values(this, [.. texts.Select(parse)]);

    public override KeyValues Example(int count) => new Values(this, new T[count]);

    private sealed class Values(KeyValueType<T> type, T[] values) : KeyValues
    {
        private string[]? _formatted;

        public override IReadOnlyList<string> Formatted => _formatted ??= [.. values.Select(value => type.Format(value))];

        public override IReadOnlyList<string>? Texts => type.DataType is TextDataViewType ? Formatted : null;

        public override void AddTo(DataViewSchema.Annotations.Builder builder, string kind) =>
            builder.Add(kind, new VectorDataViewType(type.DataType, values.Length), (ref VBuffer<T> destination) => destination.Set<T>(values));

        private protected override void WriteValues(StateWriter writer)
        {
            writer.Write(type.DataType.ToString()!);
            writer.Write(Formatted);
        }
    }

    private string Format(T value) => format(value);
}
