using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Persistence;

namespace MlAttention.Pipeline.Schema;

/// <summary>What the keys of a label stand for: one value for each class, of any simple type.</summary>
internal abstract class LabelValues
{
    /// <summary>The types that a label may have had before MapValueToKey.</summary>
    private static readonly LabelValueType[] Types =
    [
        new LabelValueType<ReadOnlyMemory<char>>(TextDataViewType.Instance, text => text.ToString(), text => text.AsMemory()),
        new LabelValueType<bool>(BooleanDataViewType.Instance),
        new LabelValueType<float>(NumberDataViewType.Single),
        new LabelValueType<double>(NumberDataViewType.Double),
        new LabelValueType<sbyte>(NumberDataViewType.SByte),
        new LabelValueType<byte>(NumberDataViewType.Byte),
        new LabelValueType<short>(NumberDataViewType.Int16),
        new LabelValueType<ushort>(NumberDataViewType.UInt16),
        new LabelValueType<int>(NumberDataViewType.Int32),
        new LabelValueType<uint>(NumberDataViewType.UInt32),
        new LabelValueType<long>(NumberDataViewType.Int64),
        new LabelValueType<ulong>(NumberDataViewType.UInt64),
    ];

    /// <summary>The texts of the classes, or null when the values are not texts.</summary>
    public abstract IReadOnlyList<string>? Texts { get; }

    /// <summary>All values as texts of the invariant culture.</summary>
    public abstract IReadOnlyList<string> Formatted { get; }

    /// <summary>Adds the values as an annotation.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder builder, string kind);

    public abstract void Write(StateWriter writer);

    /// <summary>The key values of a label's column, or null when it has none.</summary>
    public static LabelValues? Of(DataViewSchema.Column label) => label.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is VectorDataViewType type
        ? Type(label.Name, type.ItemType).FromColumn(label)
        : null;

    /// <summary>Some values of the type that a label's shape tells, or null when it tells none.</summary>
    public static LabelValues? ExampleOf(SchemaShape.Column label) =>
        SchemaShapes.Find(label.Annotations, AnnotationKinds.KeyValues) is { Kind: SchemaShape.Column.VectorKind.Vector, ItemType: PrimitiveDataViewType type }
            ? Type(label.Name, type).Example(2)
            : null;

    public static LabelValues Read(StateReader reader)
    {
        var name = reader.ReadString();
        var type = Array.Find(Types, type => type.DataType.ToString() == name) ?? throw new InvalidDataException($"The model's labels have the unknown type '{name}'.");
        return type.FromTexts(reader.ReadStrings());
    }

    private static LabelValueType Type(string column, PrimitiveDataViewType type) => Array.Find(Types, known => known.DataType.Equals(type))
        ?? throw new ArgumentOutOfRangeException(nameof(column),
            $"Schema mismatch for label column '{column}': expected keys that stand for texts, numbers or Booleans, got keys that stand for {type}");
}
