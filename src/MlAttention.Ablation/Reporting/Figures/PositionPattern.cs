using MlAttention.Core.Architecture;

namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>What a position scheme adds, as a table of numbers: one row for each position or distance.</summary>
/// <param name="Title">What the numbers are.</param>
/// <param name="RowName">What a row is.</param>
/// <param name="ColumnName">What a column is.</param>
/// <param name="FirstRow">The position or distance of the first row.</param>
/// <param name="Values">The numbers, [row][column]; not a number where a head may not look.</param>
/// <param name="FirstColumn">The number of the first column.</param>
internal sealed record PositionPattern(string Title, string RowName, string ColumnName, int FirstRow, double[][] Values, int FirstColumn = 0)
{
    private const int MostPositions = 48, MostDistance = 16, MostBias = 24, MostColumns = 64;
    private const string Distance = "distance, key minus query";

    /// <summary>What the scheme of a model adds; null for none, and for a scheme whose trained weights are not given.</summary>
    public static PositionPattern? Of(SequenceModelOptions model, IReadOnlyList<WeightTensor> weights)
    {
        var details = model.PositionDetails;
        return model.Positions switch
        {
            PositionScheme.Sinusoidal => Vectors(model, weights, "Sinusoidal position encoding")?.Cut(),
            PositionScheme.Learned => Vectors(model, weights, "Learned position vectors")?.Cut(),
            PositionScheme.ShawRelative => Vectors(model, weights, "Shaw's vectors of the first layer's keys")?.Cut(),
            PositionScheme.RelativeBias when Find(weights, "positions.bias") is { } bias => new("Relative bias of the scores", "bucket of distances", "head", 0, Rows(bias, 0, bias.Shape[0]), FirstColumn: 1),
            PositionScheme.Rotary => new("Cosine of the rotary angle between two tokens", "distance", "pair of dimensions", 0,
                Table(0, Positions(model), model.ModelWidth / model.Heads / 2, (distance, pair) => Math.Cos(RotaryAngle(model, distance, pair)))),
            PositionScheme.Alibi => new("ALiBi: bias of the scores", Distance, "head", -MostDistance, Table(-MostDistance, 2 * MostDistance + 1, model.Heads, Alibi(model)), FirstColumn: 1),
            _ => null,
        };
    }

    /// <summary>PE·PEᵀ: how alike the vectors of two positions are, or of two distances; null for a scheme without vectors.</summary>
    public static PositionPattern? Similarity(SequenceModelOptions model, IReadOnlyList<WeightTensor> weights)
    {
        if (Vectors(model, weights, "") is not { } vectors) return null;
        double[][] products = [.. vectors.Values.Select(row => vectors.Values.Select(other => row.Zip(other, (a, b) => a * b).Sum()).ToArray())];
        string what = model.Positions == PositionScheme.ShawRelative ? "distance" : "position";
        return new($"Similarity of {VariantNames.Of(model.Positions)} {what}s: PE·PEᵀ", what, what, vectors.FirstRow, products, vectors.FirstRow);
    }

    /// <summary>What distance alone adds to the scores, a column for each head; for rotary positions the mean cosine of all angles. Null for a scheme of vectors.</summary>
    public static PositionPattern? ByDistance(SequenceModelOptions model, IReadOnlyList<WeightTensor> weights)
    {
        var details = model.PositionDetails;
        int reach = Math.Min(model.MaxLength - 1, MostBias), rows = reach + 1 + (model.Mask.IsCausal ? 0 : reach), pairs = model.ModelWidth / model.Heads / 2;
        return model.Positions switch
        {
            PositionScheme.RelativeBias when Find(weights, "positions.bias") is { } bias => new("Relative bias of the scores by distance", Distance, "head", -reach,
                Table(-reach, rows, model.Heads, (distance, head) => bias.Values[RelativeBuckets.Of(distance, details.Buckets, details.MaxDistance, !model.Mask.IsCausal) * model.Heads + head]), FirstColumn: 1),
            PositionScheme.Alibi => new("ALiBi: bias of the scores by distance", Distance, "head", -MostDistance, Table(-MostDistance, 2 * MostDistance + 1, model.Heads, Alibi(model)), FirstColumn: 1),
            PositionScheme.Rotary => new("Rotary positions: mean cosine of the angles", "distance", "mean of all pairs", 0,
                Table(0, Math.Min(model.MaxLength, 2 * MostColumns), 1, (distance, _) => Enumerable.Range(0, pairs).Average(pair => Math.Cos(RotaryAngle(model, distance, pair))))),
            _ => null,
        };
    }

    // All dimensions of the first positions, or of every distance.
    private static PositionPattern? Vectors(SequenceModelOptions model, IReadOnlyList<WeightTensor> weights, string title)
    {
        var details = model.PositionDetails;
        return model.Positions switch
        {
            PositionScheme.Sinusoidal => new(title, "position", "dimension", 0, Sinusoidal(Positions(model), model.ModelWidth, details)),
            PositionScheme.Learned when Find(weights, "positions.weight") is { } table => new(title, "position", "dimension", 0, Rows(table, details.LearnedOffset, Positions(model))),
            PositionScheme.ShawRelative when Find(weights, ".positions.key") is { } table => new(title, Distance, "dimension", -details.ClipDistance, Rows(table, 0, table.Shape[0])),
            _ => null,
        };
    }

    private static int Positions(SequenceModelOptions model) => Math.Min(MostPositions, model.MaxLength);

    private PositionPattern Cut() => this with { Values = [.. Values.Select(row => row[..Math.Min(MostColumns, row.Length)])] };

    private static WeightTensor? Find(IReadOnlyList<WeightTensor> weights, string name) => weights.FirstOrDefault(candidate => candidate.Name.EndsWith(name, StringComparison.Ordinal));

    private static double[][] Rows(WeightTensor table, int first, int count) =>
        Table(first, Math.Min(count, table.Shape[0] - first), table.Shape[1], (row, column) => table.Values[row * table.Shape[1] + column]);

    private static double[][] Sinusoidal(int positions, int width, PositionOptions details)
    {
        double[,] encoding = SinusoidalTable.Of(positions, width, details.SinusoidalBase, details.SinusoidalInterleaved);
        return Table(0, positions, width, (position, dimension) => encoding[position, dimension]);
    }

    private static double RotaryAngle(SequenceModelOptions model, int distance, int pair) =>
        distance / model.PositionDetails.RotaryPositionScale / Math.Pow(model.PositionDetails.RotaryBase, 2.0 * pair / (model.ModelWidth / model.Heads));

    private static Func<int, int, double> Alibi(SequenceModelOptions model)
    {
        if (!model.PositionDetails.HasOneSidedAlibi(model.Mask))
        {
            double[] slopes = AlibiSlopes.Of(model.Heads);
            return (distance, head) => model.Mask.IsCausal && distance > 0 ? double.NaN : -slopes[head] * Math.Abs(distance);
        }
        var (left, right) = AlibiSlopes.OneSided(model.Heads);
        return (distance, head) => head < left.Length
            ? distance <= 0 ? left[head] * distance : double.NaN
            : distance >= 0 ? -right[head - left.Length] * distance : double.NaN;
    }

    private static double[][] Table(int firstRow, int rows, int columns, Func<int, int, double> value) =>
        [.. Enumerable.Range(firstRow, rows).Select(row => Enumerable.Range(0, columns).Select(column => value(row, column)).ToArray())];
}
