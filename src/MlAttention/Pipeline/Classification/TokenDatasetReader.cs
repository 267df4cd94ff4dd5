using Microsoft.ML;
using MlAttention.Data;
using MlAttention.Pipeline.Rows;
using MlAttention.Pipeline.Schema;
using MlAttention.Training;

namespace MlAttention.Pipeline.Classification;

/// <summary>Reads the sequences, labels and weights of a data view once, into memory.</summary>
internal static class TokenDatasetReader
{
    /// <param name="data">The rows.</param>
    /// <param name="tokensColumn">The sequences, vectors of keys.</param>
    /// <param name="labelColumn">The labels, keys; rows with a missing one are left out and counted.</param>
    /// <param name="weightColumn">The rows' weights, or null.</param>
    /// <param name="maxTokens">Longest sequence kept.</param>
    /// <param name="truncation">Which end of a longer one is kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a weight is negative or not finite.</exception>
    public static TokenDataset Read(IDataView data, string tokensColumn, string labelColumn, string? weightColumn, int maxTokens, TruncationSide truncation)
    {
        var tokens = ColumnRequirement.Sequence("tokens", tokensColumn).Check(data.Schema);
        var label = ColumnRequirement.Key("label", labelColumn).Check(data.Schema);
        DataViewSchema.Column? weight = weightColumn is null ? null : ColumnRequirement.Number("example weight", weightColumn).Check(data.Schema);
        var builder = new TokenDatasetBuilder(KeyReader.Count(tokens), KeyReader.Count(label), maxTokens, truncation);

        using var cursor = data.GetRowCursor(weight is null ? [tokens, label] : [tokens, label, weight.Value]);
        var readTokens = KeyReader.Vector(cursor, tokens);
        var readLabel = KeyReader.Scalar(cursor, label);
        var readWeight = weight is null ? null : cursor.GetGetter<float>(weight.Value);
        var rowWeight = 1f;
        while (cursor.MoveNext())
        {
            var key = readLabel();
            if (key == 0)
            {
                builder.SkippedRows++;
                continue;
            }

            readWeight?.Invoke(ref rowWeight);
            builder.Add(readTokens(), key - 1, rowWeight);
        }

        return builder.Build();
    }
}
