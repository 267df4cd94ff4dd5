using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Persistence;

namespace MlAttention.Pipeline.Schema;

/// <summary>One type of label values.</summary>
internal abstract class LabelValueType(PrimitiveDataViewType dataType)
{
    public PrimitiveDataViewType DataType => dataType;

    public abstract LabelValues FromColumn(DataViewSchema.Column label);

    public abstract LabelValues FromTexts(string[] texts);

    public abstract LabelValues Example(int count);
}

/// <summary>Label values of type <typeparamref name="T"/>; in a model file they are texts of the invariant culture.</summary>
internal sealed class LabelValueType<T>(PrimitiveDataViewType dataType, Func<T, string> format, Func<string, T> parse) : LabelValueType(dataType)
{
    public LabelValueType(PrimitiveDataViewType dataType)
        : this(dataType, value => Convert.ToString(value, CultureInfo.InvariantCulture)!, text => (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture)) { }

    public override LabelValues FromColumn(DataViewSchema.Column label)
    {
        VBuffer<T> values = default;
        label.GetKeyValues(ref values);
        return new Values(this, [.. values.DenseValues()]);
    }

    public override LabelValues FromTexts(string[] texts) => new Values(this, [.. texts.Select(parse)]);

    public override LabelValues Example(int count) => new Values(this, new T[count]);

    private sealed class Values(LabelValueType<T> type, T[] values) : LabelValues
    {
        public override IReadOnlyList<string> Formatted => [.. values.Select(value => type.Format(value))];

        public override IReadOnlyList<string>? Texts => type.DataType is TextDataViewType ? Formatted : null;

        public override void AddTo(DataViewSchema.Annotations.Builder builder, string kind) =>
            builder.Add(kind, new VectorDataViewType(type.DataType, values.Length), (ref VBuffer<T> destination) =>
            {
                var editor = VBufferEditor.Create(ref destination, values.Length);
                values.CopyTo(editor.Values);
                destination = editor.Commit();
            });

        public override void Write(StateWriter writer)
        {
            writer.Write(type.DataType.ToString()!);
            writer.Write(Formatted);
        }
    }

    private string Format(T value) => format(value);
}
