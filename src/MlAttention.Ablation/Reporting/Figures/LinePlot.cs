namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Curves over a common axis, with a legend below; the base of the learning, length and complexity figures.</summary>
/// <param name="xAxis">Name of the horizontal axis.</param>
/// <param name="yAxis">Name of the vertical axis.</param>
/// <param name="chance">For shares, which go from 0 to 1 and are written in per cent: that of guessing, a dashed line. Null for two logarithmic axes.</param>
/// <param name="trainedLength">Where a dashed vertical line stands; null for none.</param>
internal sealed class LinePlot(string xAxis, string yAxis, double? chance = null, int? trainedLength = null)
{
    private const int Width = 420, Left = 46, Right = 20, Top = 26, PlotHeight = 200, Bottom = Top + PlotHeight, LegendRow = 16, ShortName = 22;

    /// <summary>One curve.</summary>
    /// <param name="Name">Its name in the legend.</param>
    /// <param name="Points">Its points, in the order of x.</param>
    /// <param name="Series">Its colour and marker.</param>
    /// <param name="Scheme">With which it is hidden; null for never.</param>
    public sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points, int Series, Scheme? Scheme = null);

    /// <summary>Draws the curves; null when there are none.</summary>
    public string? Draw(ReportFigure figure, string description, IReadOnlyList<Curve> curves)
    {
        if (curves.Count == 0) return null;
        int legendColumns = curves.All(curve => curve.Name.Length <= ShortName) ? 2 : 1, legendRows = (curves.Count + legendColumns - 1) / legendColumns;
        var svg = new SvgWriter(Width, Bottom + 42 + legendRows * LegendRow);
        var points = curves.SelectMany(curve => curve.Points).ToArray();
        var x = new PlotScale(points.Min(point => point.X), points.Max(point => point.X), Left, Width - Right, logarithmic: chance is null);
        var y = chance is null ? new PlotScale(points.Min(point => point.Y), points.Max(point => point.Y), Bottom, Top, logarithmic: true) : new PlotScale(0, 1, Bottom, Top);
        DrawAxes(svg, x, y, points);
        if (chance is { } share) svg.Line(Left, y[share], Width - Right, y[share], "reference").Text(Width - Right, y[share] - 4, "chance", "small", "end");
        if (trainedLength is { } length) svg.Line(x[length], Top, x[length], Bottom, "reference").Text(x[length] + 4, Bottom - 6, "trained", "small");
        foreach (var curve in curves) svg.Group(curve.Scheme, () => DrawCurve(svg, curve, x, y));
        for (int entry = 0; entry < curves.Count; entry++)
        {
            double legendX = Left + entry % legendColumns * 185, legendY = Bottom + 48 + entry / legendColumns * LegendRow;
            var curve = curves[entry];
            svg.Group(curve.Scheme, () => svg.Marker(legendX, legendY - 4, curve.Series).Text(legendX + 10, legendY, curve.Name, "small"));
        }
        return svg.ToSvg(figure.Id, figure.Title, description);
    }

    private void DrawAxes(SvgWriter svg, PlotScale x, PlotScale y, (double X, double Y)[] points)
    {
        foreach (double tick in y.Ticks(5)) svg.Line(Left, y[tick], Width - Right, y[tick], "grid").Text(Left - 5, y[tick] + 4, FormatY(tick), "small", "end");
        var xTicks = chance is null ? [.. points.Select(point => point.X).Distinct().Order()] : x.Ticks(6).Where(tick => tick == Math.Round(tick));
        foreach (double tick in xTicks) svg.Line(x[tick], Bottom, x[tick], Bottom + 4, "axis").Text(x[tick], Bottom + 16, Number(tick), "small", "middle");
        svg.Line(Left, Bottom, Width - Right, Bottom, "axis").Line(Left, Top, Left, Bottom, "axis");
        svg.Text(Width - Right, Bottom + 30, xAxis, "small", "end").Text(Left - 40, Top - 14, yAxis, "small");
    }

    private string FormatY(double value) => chance is null ? Number(value) : Invariant($"{value * 100:0.#}%");

    private void DrawCurve(SvgWriter svg, Curve curve, PlotScale x, PlotScale y)
    {
        svg.Polyline(curve.Points.Select(point => (x[point.X], y[point.Y])), $"curve {SeriesStyle.Stroke(curve.Series)}");
        foreach (var (valueX, valueY) in curve.Points) svg.Marker(x[valueX], y[valueY], curve.Series, $"{curve.Name}: {FormatY(valueY)} at {Number(valueX)}", 2.6);
    }
}
