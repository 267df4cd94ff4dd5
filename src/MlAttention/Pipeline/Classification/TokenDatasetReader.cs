using Microsoft.ML;
using MlAttention.Data;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline.Classification;

/// <summary>Reads the sequences, labels, weights and groups of a data view once, into memory.</summary>
internal static class TokenDatasetReader
{
    /// <summary>The rows; those with a missing label are left out and counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a weight is negative or not finite.</exception>
    public static TokenDataset Read(IDataView data, AttentionClassifierOptions options)
    {
        var inputs = ClassifierInputs.Of(options);
        var tokens = inputs.Tokens.Check(data.Schema);
        var label = inputs.Label.Check(data.Schema);
        var weight = inputs.ExampleWeight?.Check(data.Schema);
        var samplingKey = inputs.SamplingKey?.Check(data.Schema);
        var builder = new TokenDatasetBuilder(KeyReader.Count(tokens), KeyReader.Count(label), options.MaxTextTokens, options.Truncation);

        using var cursor = data.GetRowCursor(new[] { tokens, label, weight, samplingKey }.OfType<DataViewSchema.Column>());
        var readTokens = KeyReader.Vector(cursor, tokens);
        var readLabel = KeyReader.Scalar(cursor, label);
        var readWeight = weight is { } weightColumn ? cursor.GetGetter<float>(weightColumn) : null;
        var readGroup = samplingKey is { } keyColumn ? GroupReader.Create(cursor, keyColumn) : null;
        var rowWeight = 1f;
        while (cursor.ReadNext())
        {
            var key = readLabel();
            if (key == 0)
            {
                builder.SkippedRows++;
                continue;
            }

            readWeight?.Invoke(ref rowWeight);
            builder.Add(readTokens(), key - 1, rowWeight, readGroup?.Invoke());
        }

        return builder.Build();
    }
}
