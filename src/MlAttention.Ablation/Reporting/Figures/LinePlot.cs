namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Curves over a common axis, with a legend below; the base of the learning, length and complexity figures.</summary>
internal sealed class LinePlot
{
    private const int Width = 420, Left = 46, Right = 20, Top = 26, PlotHeight = 200, LegendRow = 16, ShortName = 22;

    /// <summary>One curve.</summary>
    /// <param name="Name">Its name in the legend.</param>
    /// <param name="Points">Its points, in the order of x.</param>
    public sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>Name of the horizontal axis.</summary>
    public required string XAxis { get; init; }

    /// <summary>Name of the vertical axis.</summary>
    public required string YAxis { get; init; }

    /// <summary>Whether both axes are logarithmic.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>How values of the vertical axis are written.</summary>
    public Func<double, string> FormatY { get; init; } = value => Number(value);

    /// <summary>Lowest value of the vertical axis; null means that of the curves.</summary>
    public double? YFrom { get; init; }

    /// <summary>Highest value of the vertical axis; null means that of the curves.</summary>
    public double? YTo { get; init; }

    /// <summary>A dashed horizontal line, for example at chance.</summary>
    public (double Value, string Name)? Reference { get; init; }

    /// <summary>A dashed vertical line, for example at the trained length.</summary>
    public (double Value, string Name)? Limit { get; init; }

    /// <summary>A plot whose vertical axis goes from 0 to 1 and is written in per cent.</summary>
    public static LinePlot OfShares(string xAxis, string yAxis, double chance, (double Value, string Name)? limit = null) => new()
    {
        XAxis = xAxis, YAxis = yAxis, YFrom = 0, YTo = 1, FormatY = share => Invariant($"{share * 100:0.#}%"), Reference = (chance, "chance"), Limit = limit,
    };

    /// <summary>Draws the curves.</summary>
    public string Draw(string id, string title, string description, IReadOnlyList<Curve> curves)
    {
        int legendColumns = curves.All(curve => curve.Name.Length <= ShortName) ? 2 : 1, legendRows = (curves.Count + legendColumns - 1) / legendColumns, bottom = Top + PlotHeight;
        var svg = new SvgWriter(Width, bottom + 42 + legendRows * LegendRow);
        var points = curves.SelectMany(curve => curve.Points).ToArray();
        var x = Scale(points.Min(point => point.X), points.Max(point => point.X), Left, Width - Right);
        var y = Scale(YFrom ?? points.Min(point => point.Y), YTo ?? points.Max(point => point.Y), bottom, Top);
        DrawAxes(svg, x, y, points, bottom);
        if (Reference is { } reference)
        {
            svg.Line(Left, y[reference.Value], Width - Right, y[reference.Value], "reference").Text(Width - Right, y[reference.Value] - 4, reference.Name, "small", "end");
        }
        if (Limit is { } limit) svg.Line(x[limit.Value], Top, x[limit.Value], bottom, "reference").Text(x[limit.Value] + 4, bottom - 6, limit.Name, "small");
        for (int series = 0; series < curves.Count; series++) DrawCurve(svg, curves[series], series, x, y);
        for (int series = 0; series < curves.Count; series++)
        {
            double legendX = Left + series % legendColumns * 185, legendY = bottom + 48 + series / legendColumns * LegendRow;
            svg.Marker(legendX, legendY - 4, series, curves[series].Name).Text(legendX + 10, legendY, curves[series].Name, "small");
        }
        return svg.ToSvg(id, title, description);
    }

    private PlotScale Scale(double from, double to, double start, double end) => Logarithmic ? PlotScale.Logarithmic(from, to, start, end) : PlotScale.Linear(from, to, start, end);

    private void DrawAxes(SvgWriter svg, PlotScale x, PlotScale y, (double X, double Y)[] points, int bottom)
    {
        foreach (double tick in y.Ticks(5)) svg.Line(Left, y[tick], Width - Right, y[tick], "grid").Text(Left - 5, y[tick] + 4, FormatY(tick), "small", "end");
        var xTicks = Logarithmic ? [.. points.Select(point => point.X).Distinct().Order()] : x.Ticks(6).Where(tick => tick == Math.Round(tick));
        foreach (double tick in xTicks) svg.Line(x[tick], bottom, x[tick], bottom + 4, "axis").Text(x[tick], bottom + 16, Number(tick), "small", "middle");
        svg.Line(Left, bottom, Width - Right, bottom, "axis").Line(Left, Top, Left, bottom, "axis");
        svg.Text(Width - Right, bottom + 30, XAxis, "small", "end").Text(Left - 40, Top - 14, YAxis, "small");
    }

    private void DrawCurve(SvgWriter svg, Curve curve, int series, PlotScale x, PlotScale y)
    {
        svg.Polyline(curve.Points.Select(point => (x[point.X], y[point.Y])), $"curve {SeriesStyle.Stroke(series)}");
        foreach (var (valueX, valueY) in curve.Points) svg.Marker(x[valueX], y[valueY], series, $"{curve.Name}: {FormatY(valueY)} at {Number(valueX)}", 2.6);
    }
}
