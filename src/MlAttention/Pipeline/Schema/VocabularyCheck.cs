using System.Globalization;
using Microsoft.ML;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline.Schema;

/// <summary>Checks a sequence's column against the vocabulary that a fitted component knows.</summary>
internal static class VocabularyCheck
{
    /// <summary>Most numbers in an embedding: a model file holds 2 GB of weights.</summary>
    private const long MaxNumbers = 500_000_000;

    /// <summary>The number of keys of a sequence's column, when vectors of this width can be had for all of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The embedding would be too large.</exception>
    public static int Embeddable(DataViewSchema.Column column, int width)
    {
        var count = KeyReader.Count(column);
        return (count + 3L) * width <= MaxNumbers ? count : throw new ArgumentOutOfRangeException(nameof(column), string.Create(CultureInfo.InvariantCulture,
            $"Column '{column.Name}' has {count} keys; {count} vectors of width {width} are more than the {MaxNumbers} numbers that an embedding may have. Use a smaller vocabulary (MaxSize of TokenizeSequence, fewer bits in Hash) or a smaller width."));
    }

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type, or has another number of keys.</exception>
    public static DataViewSchema.Column Column(ColumnRequirement requirement, DataViewSchema inputSchema, int vocabularySize)
    {
        var column = requirement.Check(inputSchema);
        var count = KeyReader.Count(column);
        return count == vocabularySize ? column : throw new ArgumentOutOfRangeException(nameof(inputSchema), string.Create(CultureInfo.InvariantCulture,
            $"Schema mismatch for {requirement.Role} column '{requirement.Name}': expected VarVector<Key<UInt32, 0-{vocabularySize - 1}>>, got {column.Type}; the vocabulary must be the one of training"));
    }
}
