using System.Buffers;
using MlAttention.Core.Text;

namespace MlAttention.Schema;

/// <summary>The names of ML.NET's annotations.</summary>
internal static class AnnotationKinds
{
    public const string KeyValues = "KeyValues";
    /// <summary>This library's own: how the parts of a sequence of several texts stand together.</summary>
    public const string TextParts = "TextParts";

    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreValueKind = "ScoreValueKind";
}

/// <summary>Reads and adds the annotations that ML.NET's own components have.</summary>
internal static class AnnotationExtensions
{
    /// <summary>The number of keys of a column.</summary>
    /// <exception cref="ArgumentException">There are more than an int can count.</exception>
    public static int KeyCount(this DataViewSchema.Column column)
    {
        var type = (KeyDataViewType)(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type);
        if (type.Count < int.MaxValue - 2) return (int)type.Count;
        throw new ArgumentException($"Column '{column.Name}' has {type.Count} keys, more than can be embedded. Use fewer bits in Hash, or MapValueToKey.", nameof(column));
    }

    /// <summary>What the keys 1, 2, ... of a key column stand for; the column must have key values that are texts.</summary>
    public static IReadOnlyList<string> KeyTexts(this DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> texts = default;
        column.GetKeyValues(ref texts);
        return [.. texts.DenseValues().Select(text => text.ToString())];
    }

    /// <summary>A vector of texts: key values or slot names.</summary>
    public static void AddTexts(this DataViewSchema.Annotations.Builder builder, string kind, IReadOnlyList<string> texts) =>
        builder.AddVector(kind, TextDataViewType.Instance, texts.Select(text => text.AsMemory()).ToArray());

    public static void AddVector<T>(this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType type, T[] values) =>
        builder.Add(kind, new VectorDataViewType(type, values.Length), (ref VBuffer<T> destination) => destination.Set<T>(values));

    /// <summary>How the parts of a column's sequences stand together.</summary>
    public static void AddParts(this DataViewSchema.Annotations.Builder builder, TextParts parts) =>
        builder.AddVector(AnnotationKinds.TextParts, NumberDataViewType.Int32, [parts.SeparatorKey, parts.Count, parts.LeastTokens, parts.SharedTokenType ? 1 : 0]);

    /// <summary>How the parts of a column's sequences stand together; null where a sequence is one text.</summary>
    public static TextParts? Parts(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.TextParts)?.Type is not VectorDataViewType { ItemType: NumberDataViewType, Size: 4 }) return null;
        VBuffer<int> values = default;
        column.Annotations.GetValue(AnnotationKinds.TextParts, ref values);
        int[] numbers = [.. values.DenseValues()];
        return new(numbers[0], numbers[1], numbers[2], numbers[3] != 0);
    }

    /// <summary>What tells evaluators that a column belongs to a scorer's output.</summary>
    public static void AddScore(this DataViewSchema.Annotations.Builder builder, uint setId, string columnKind, string valueKind)
    {
        builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnKind, TextDataViewType.Instance, columnKind.AsMemory());
        builder.AddPrimitiveValue(AnnotationKinds.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
    }

    /// <summary>The set id for a new scorer: one more than the largest in the schema.</summary>
    public static uint NextScoreColumnSetId(this DataViewSchema schema)
    {
        var largest = 0u;
        foreach (var column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.ScoreColumnSetId)?.Type is not KeyDataViewType type || type.RawType != typeof(uint)) continue;
            var id = 0u;
            column.Annotations.GetValue(AnnotationKinds.ScoreColumnSetId, ref id);
            largest = Math.Max(largest, id);
        }

        return largest + 1;
    }
}

/// <summary>Gives a vector of ML.NET its values, in the memory that it has where that suffices.</summary>
internal static class VectorValues
{
    /// <summary>Makes the values of a vector a copy of some.</summary>
    public static void Set<T>(this ref VBuffer<T> destination, ReadOnlySpan<T> values) =>
        destination.Fill(values.Length, values, static (filled, source) => source.CopyTo(filled));

    /// <summary>Gives a vector its length and lets <paramref name="fill"/> write the values.</summary>
    public static void Fill<T, TState>(this ref VBuffer<T> destination, int length, TState state, SpanAction<T, TState> fill) where TState : allows ref struct
    {
        var editor = VBufferEditor.Create(ref destination, length);
        fill(editor.Values, state);
        destination = editor.Commit();
    }
}
