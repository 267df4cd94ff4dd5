using MlAttention.Architecture;
using MlAttention.Data;
using MlAttention.Engines;

namespace MlAttention.Training;

/// <summary>Makes padded batches of a dataset's rows: puts CLS before the sequence where the pooling needs it, and truncates what is still too long.</summary>
/// <param name="dataset">The rows.</param>
/// <param name="model">Tells the longest sequence (with CLS) and whether there is a CLS token.</param>
/// <param name="truncation">Which end of a longer row is kept.</param>
/// <param name="classWeights">Weight of each class, multiplied into the rows' weights; empty means 1 for all.</param>
internal sealed class BatchBuilder(TokenDataset dataset, SequenceModelOptions model, TruncationSide truncation, IReadOnlyList<float> classWeights)
{
    /// <summary>Tokens of a row in a batch, with CLS and after truncation.</summary>
    public int Length(int row) => Math.Min(dataset.Length(row), model.MaxTextTokens) + model.SpecialTokens;

    /// <summary>Tokens of a row that no batch shows.</summary>
    public int TruncatedTokens(int row) => Math.Max(0, dataset.Length(row) - model.MaxTextTokens);

    /// <summary>The batch of the given rows, in their order.</summary>
    public TokenBatch Build(ReadOnlySpan<int> rows)
    {
        var lengths = new int[rows.Length];
        var longest = 1;
        for (var i = 0; i < rows.Length; i++)
        {
            lengths[i] = Length(rows[i]);
            longest = Math.Max(longest, lengths[i]);
        }
        var tokens = new int[rows.Length * longest];
        var labels = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            FillRow(rows[i], tokens.AsSpan(i * longest, lengths[i]));
            labels[i] = dataset.Labels[rows[i]];
        }
        return new TokenBatch { Rows = rows.Length, Length = longest, Tokens = tokens, Lengths = lengths, Labels = labels, RowWeights = Weights(rows) };
    }

    private void FillRow(int row, Span<int> target)
    {
        if (model.SpecialTokens > 0)
        {
            target[0] = TokenIds.Cls(dataset.VocabularySize);
            target = target[1..];
        }
        var tokens = dataset.Row(row);
        var kept = truncation == TruncationSide.KeepStart ? tokens[..target.Length] : tokens[^target.Length..];
        kept.CopyTo(target);
    }

    private float[] Weights(ReadOnlySpan<int> rows)
    {
        if (classWeights.Count == 0 && dataset.RowWeights.Length == 0) return [];
        var weights = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            weights[i] = dataset.Weight(rows[i]) * (classWeights.Count == 0 ? 1 : classWeights[dataset.Labels[rows[i]]]);
        return weights;
    }
}
