using MlAttention.Ablation;
using MlAttention.Ablation.Studies;
using MlAttention.Architecture;

namespace MlAttention.Reporting.Figures;

/// <summary>What a position scheme adds: the value of each column at each position or distance. The report shows the sinusoidal encoding.</summary>
internal sealed class PositionHeatMap : IReportFigure
{
    private const int Width = 420, Height = 200, Left = 46, Top = 10, RowTick = 8, MostColumnTicks = 8;

    /// <inheritdoc/>
    public string Id => "positions";

    /// <inheritdoc/>
    public string Title => "Sinusoidal position encoding";

    /// <inheritdoc/>
    public string? Draw(OrderingAblationReport report) =>
        report.Plan.Positions.Contains(PositionScheme.Sinusoidal) && PositionPattern.Of(report.Plan.Model with { Positions = PositionScheme.Sinusoidal }, []) is { } pattern ? Draw(Id, pattern) : null;

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
        for (int row = 0; row < rows; row += RowTick) svg.Text(Left - 5, Top + (row + 0.5) * cellHeight + 4, FormattableString.Invariant($"{pattern.FirstRow + row}"), "small", "end");
        for (int column = 0; column < columns; column += columnStep) svg.Text(Left + (column + 0.5) * cellWidth, bottom + 14, FormattableString.Invariant($"{column}"), "small", "middle");
        svg.Text(Width - 8, bottom + 28, $"{pattern.ColumnName}; blue positive, orange negative", "small", "end").Text(14, Top + Height / 2, pattern.RowName, "small", "middle", -90);
        return svg.ToSvg(id, pattern.Title, FormattableString.Invariant($"{pattern.Title}: heat map of {rows} rows ({pattern.RowName}, from {pattern.FirstRow}) and {columns} columns ({pattern.ColumnName}), values up to {largest:0.###} in size."));
    }
}
