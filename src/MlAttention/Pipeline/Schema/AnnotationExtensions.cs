using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Pipeline.Schema;

/// <summary>Reads and adds the annotations that ML.NET's own components have.</summary>
internal static class AnnotationExtensions
{
    /// <summary>What the keys 1, 2, ... of a key column stand for; the column must have key values that are texts.</summary>
    public static IReadOnlyList<string> KeyTexts(this DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> texts = default;
        column.GetKeyValues(ref texts);
        return [.. texts.DenseValues().Select(text => text.ToString())];
    }

    /// <summary>A vector of texts: key values or slot names.</summary>
    public static void AddTexts(this DataViewSchema.Annotations.Builder builder, string kind, IReadOnlyList<string> texts)
    {
        var values = texts.Select(text => text.AsMemory()).ToArray();
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, values.Length), (ref VBuffer<ReadOnlyMemory<char>> destination) => destination.Set<ReadOnlyMemory<char>>(values));
    }

    /// <summary>What tells evaluators that a column belongs to a scorer's output.</summary>
    public static void AddScore(this DataViewSchema.Annotations.Builder builder, uint setId, string valueKind)
    {
        builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnKind, TextDataViewType.Instance, "MulticlassClassification".AsMemory());
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
