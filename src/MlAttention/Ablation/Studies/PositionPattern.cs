using MlAttention.Architecture;
using MlAttention.Weights;

namespace MlAttention.Ablation.Studies;

/// <summary>What a position scheme adds, as a table of numbers: one row for each position or distance.</summary>
/// <param name="Title">What the numbers are.</param>
/// <param name="RowName">What a row is.</param>
/// <param name="ColumnName">What a column is.</param>
/// <param name="FirstRow">The position or distance of the first row.</param>
/// <param name="Values">The numbers, [row][column]; not a number where a head may not look.</param>
internal sealed record PositionPattern(string Title, string RowName, string ColumnName, int FirstRow, double[][] Values)
{
    private const int MostPositions = 48, MostDistance = 16, MostColumns = 64;

    /// <summary>The scheme of a model; null for none, and for a scheme whose trained weights are not given.</summary>
    public static PositionPattern? Of(SequenceModelOptions model, IReadOnlyList<WeightTensor> weights)
    {
        var details = model.PositionDetails;
        int positions = Math.Min(MostPositions, model.MaxLength), headWidth = model.ModelWidth / model.Heads;
        return model.Positions switch
        {
            PositionScheme.Sinusoidal => new("Sinusoidal position encoding", "position", "dimension", 0, Sinusoidal(positions, model.ModelWidth, details)),
            PositionScheme.Learned => Trained("Learned position vectors", "position", "dimension", 0, "positions.weight"),
            PositionScheme.ShawRelative => Trained("Shaw's vectors of the first layer's keys", "distance", "dimension", -details.ClipDistance, ".positions.key"),
            PositionScheme.RelativeBias => Trained("Relative bias of the scores", "bucket of distances", "head", 0, "positions.bias"),
            PositionScheme.Rotary => new("Cosine of the rotary angle between two tokens", "distance", "pair of dimensions", 0, Table(0, positions, headWidth / 2, (distance, pair) => Math.Cos(distance / details.RotaryPositionScale / Math.Pow(details.RotaryBase, 2.0 * pair / headWidth)))),
            PositionScheme.Alibi => new("ALiBi: bias of the scores", "distance", "head", -MostDistance, Table(-MostDistance, 2 * MostDistance + 1, model.Heads, Alibi(model))),
            _ => null,
        };

        PositionPattern? Trained(string title, string row, string column, int first, string name)
        {
            var tensor = weights.FirstOrDefault(candidate => candidate.Name.EndsWith(name, StringComparison.Ordinal));
            return tensor is null ? null : new(title, row, column, first, Table(0, Math.Min(MostPositions, tensor.Shape[0]), tensor.Shape[1], (i, j) => tensor.Values[i * tensor.Shape[1] + j]));
        }
    }

    private static double[][] Sinusoidal(int positions, int width, PositionOptions details)
    {
        double[,] encoding = SinusoidalTable.Of(positions, width, details.SinusoidalBase, details.SinusoidalInterleaved);
        return Table(0, positions, width, (position, dimension) => encoding[position, dimension]);
    }

    private static Func<int, int, double> Alibi(SequenceModelOptions model)
    {
        if (!model.PositionDetails.AlibiOneSided)
        {
            double[] slopes = AlibiSlopes.Of(model.Heads);
            return (distance, head) => -slopes[head] * Math.Abs(distance);
        }
        var (left, right) = AlibiSlopes.OneSided(model.Heads);
        return (distance, head) => head < left.Length
            ? distance <= 0 ? left[head] * distance : double.NaN
            : distance >= 0 ? -right[head - left.Length] * distance : double.NaN;
    }

    private static double[][] Table(int firstRow, int rows, int columns, Func<int, int, double> value) =>
        [.. Enumerable.Range(firstRow, rows).Select(row => Enumerable.Range(0, Math.Min(MostColumns, columns)).Select(column => value(row, column)).ToArray())];
}
