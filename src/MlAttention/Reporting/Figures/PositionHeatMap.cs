using MlAttention.Ablation;
using MlAttention.Positions;

namespace MlAttention.Reporting.Figures;

/// <summary>The sinusoidal encoding: value of each dimension at each position.</summary>
/// <remarks>
/// value(p, 2i) = sin(p / base^(2i / D)); value(p, 2i + 1) = cos of the same. Source: Vaswani et al. 2017, section 3.5.
/// </remarks>
internal sealed class PositionHeatMap : IReportFigure
{
    private const int Width = 420, Left = 40, Top = 10, MostPositions = 48, MostDimensions = 64;

    /// <inheritdoc/>
    public string Id => "positions";

    /// <inheritdoc/>
    public string Title => "Sinusoidal position encoding";

    /// <inheritdoc/>
    public string? Draw(OrderingAblationReport report)
    {
        if (!report.Plan.Positions.Contains(PositionScheme.Sinusoidal)) return null;
        int modelWidth = report.Plan.Model.ModelWidth, dimensions = Math.Min(MostDimensions, modelWidth), positions = Math.Min(MostPositions, report.Plan.Model.MaxLength);
        var details = report.Plan.Model.PositionDetails;
        double[,] encoding = SinusoidalTable.Of(positions, modelWidth, details.SinusoidalBase, details.SinusoidalInterleaved);
        double cellWidth = (Width - Left - 8.0) / dimensions, cellHeight = 200.0 / positions, bottom = Top + 200;
        var svg = new SvgWriter(Width, (int)bottom + 34);
        for (int position = 0; position < positions; position++)
            for (int dimension = 0; dimension < dimensions; dimension++)
            {
                double value = encoding[position, dimension];
                svg.Rectangle(Left + dimension * cellWidth, Top + position * cellHeight, cellWidth + 0.2, cellHeight + 0.2, value < 0 ? "f1" : "f0", Math.Abs(value));
            }
        for (int position = 0; position < positions; position += 8) svg.Text(Left - 5, Top + (position + 0.8) * cellHeight + 2, FormattableString.Invariant($"{position}"), "small", "end");
        for (int dimension = 0; dimension < dimensions; dimension += 16) svg.Text(Left + (dimension + 0.5) * cellWidth, bottom + 14, FormattableString.Invariant($"{dimension}"), "small", "middle");
        svg.Text(Width - 8, bottom + 28, "dimension; blue positive, orange negative", "small", "end").Text(14, Top + 100, "position", "small", "middle", -90);
        return svg.ToSvg(Id, Title, $"Heat map of {positions} positions and {dimensions} dimensions: waves whose length grows from dimension to dimension, so that each position has a pattern of its own.");
    }
}
