using MlAttention.Core.Architecture;

namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>What a position scheme adds: the value of each column at each position or distance. The report shows the sinusoidal encoding.</summary>
internal sealed class PositionHeatMap() : ReportFigure("positions", "Sinusoidal position encoding")
{
    private const int Width = 420, Height = 200, Left = 46, Top = 10, RowTick = 8, MostColumnTicks = 8;

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report) =>
        !report.Plan.IsPretrained && report.Plan.Positions.Contains(PositionScheme.Sinusoidal) && PositionPattern.Of(report.Plan.Model with { Positions = PositionScheme.Sinusoidal }, []) is { } pattern ? Draw(Id, pattern) : null;

    /// <summary>Any scheme's pattern as a figure.</summary>
    public static string Draw(string id, PositionPattern pattern)
    {
        int rows = pattern.Values.Length, columns = pattern.Values[0].Length, columnStep = Math.Max(1, columns / MostColumnTicks);
        double cellWidth = (Width - Left - 8.0) / columns, cellHeight = Height / (double)rows, bottom = Top + Height;
        double largest = pattern.Values.Max(row => row.Where(value => !double.IsNaN(value)).Max(Math.Abs));
        var svg = new SvgWriter(Width, (int)bottom + 34);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                double value = pattern.Values[row][column];
                if (!double.IsNaN(value) && value != 0)
                    svg.Rectangle(Left + column * cellWidth, Top + row * cellHeight, cellWidth + 0.2, cellHeight + 0.2, value < 0 ? "f1" : "f0", Math.Abs(value) / largest);
            }
        for (int row = 0; row < rows; row += RowTick) svg.Text(Left - 5, Top + (row + 0.5) * cellHeight + 4, Invariant($"{pattern.FirstRow + row}"), "small", "end");
        for (int column = 0; column < columns; column += columnStep) svg.Text(Left + (column + 0.5) * cellWidth, bottom + 14, Invariant($"{column}"), "small", "middle");
        svg.Text(Width - 8, bottom + 28, $"{pattern.ColumnName}; blue positive, orange negative", "small", "end").Text(14, Top + Height / 2, pattern.RowName, "small", "middle", -90);
        return svg.ToSvg(id, pattern.Title, Invariant($"{pattern.Title}: heat map of {rows} rows ({pattern.RowName}, from {pattern.FirstRow}) and {columns} columns ({pattern.ColumnName}), values up to {largest:0.###} in size."));
    }
}

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
