using System.Globalization;
using Microsoft.ML;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline.Schema;

/// <summary>Checks a sequence's column against the vocabulary that a fitted component knows.</summary>
internal static class VocabularyCheck
{
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type, or has another number of keys.</exception>
    public static DataViewSchema.Column Column(ColumnRequirement requirement, DataViewSchema inputSchema, int vocabularySize)
    {
        var column = requirement.Check(inputSchema);
        var count = KeyReader.Count(column);
        return count == vocabularySize ? column : throw new ArgumentOutOfRangeException(nameof(inputSchema), string.Create(CultureInfo.InvariantCulture,
            $"Schema mismatch for {requirement.Role} column '{requirement.Name}': expected VarVector<Key<UInt32, 0-{vocabularySize - 1}>>, got {column.Type}; the vocabulary must be the one of training"));
    }
}
