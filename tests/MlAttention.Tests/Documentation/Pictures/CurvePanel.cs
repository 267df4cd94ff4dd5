using System.Globalization;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>How an axis divides its length: by differences, by ratios, or from 0 to 1, written in per cent.</summary>
internal enum PanelAxis
{
    Linear,
    Logarithmic,
    Share,
}

/// <summary>One of several plots of curves that stand side by side, two in a row, over one legend.</summary>
internal sealed record CurvePanel(string Title, string XName, string YName, PanelAxis XAxis, PanelAxis YAxis, IReadOnlyList<CurvePanel.Curve> Curves)
{
    private const int Left = 52, PlotWidth = 340, PlotHeight = 190, PanelWidth = 416, PanelHeight = 280, Top = 44, LegendRow = 18, LegendColumns = 4;

    /// <summary>A curve and how it looks.</summary>
    public sealed record Curve(string Name, int Series, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>The share that guessing reaches: a dashed line; null for none.</summary>
    public double? Chance { get; init; }

    /// <summary>All panels as one figure.</summary>
    public static string Draw(string id, string title, IReadOnlyList<CurvePanel> panels)
    {
        panels = [.. panels.Where(panel => panel.Curves.Any(curve => curve.Points.Count > 0))];
        Curve[] named = [.. panels.SelectMany(panel => panel.Curves).DistinctBy(curve => curve.Name)];
        int rows = (panels.Count + 1) / 2, legendRows = (named.Length + LegendColumns - 1) / LegendColumns;
        var svg = new SvgWriter(PanelWidth * Math.Min(2, panels.Count), rows * PanelHeight + legendRows * LegendRow + 8);
        int columns = panels.Count == 1 ? LegendColumns / 2 : LegendColumns;
        foreach (var (i, panel) in panels.Index()) panel.Draw(svg, i % 2 * PanelWidth + Left, i / 2 * PanelHeight + Top);
        foreach (var (i, curve) in named.Index())
        {
            double x = Left + i % columns * (PanelWidth * Math.Min(2, panels.Count) - Left) / (double)columns, y = rows * PanelHeight + i / columns * LegendRow + 8;
            svg.Marker(x, y - 4, curve.Series).Text(x + 10, y, curve.Name, "small");
        }
        return svg.ToSvg(id, title, string.Join(" ", panels.Select(panel => panel.Words())));
    }

    private string Words() => $"{Title}: {string.Join("; ", Curves.Select(curve => FormattableString.Invariant($"{curve.Name} from {Format(curve.Points[0].Y)} at {curve.Points[0].X} to {Format(curve.Points[^1].Y)} at {curve.Points[^1].X}")))}.";

    private void Draw(SvgWriter svg, double left, double top)
    {
        var points = Curves.SelectMany(curve => curve.Points).ToArray();
        double bottom = top + PlotHeight, right = left + PlotWidth;
        var x = new PlotScale(points.Min(point => point.X), points.Max(point => point.X), left, right, XAxis == PanelAxis.Logarithmic);
        var y = YAxis == PanelAxis.Share ? new PlotScale(0, 1, bottom, top)
            : new PlotScale(YAxis == PanelAxis.Linear ? Math.Min(0, points.Min(point => point.Y)) : points.Min(point => point.Y), points.Max(point => point.Y), bottom, top, YAxis == PanelAxis.Logarithmic);
        svg.Text(left, top - 26, Title, "heading").Text(left - 44, top - 8, YName, "small").Text(right, bottom + 32, XName, "small", "end");
        foreach (double tick in Thinned(y.Ticks(5))) svg.Line(left, y[tick], right, y[tick], "grid").Text(left - 5, y[tick] + 4, Format(tick), "small", "end");
        foreach (double tick in XAxis == PanelAxis.Logarithmic ? [.. points.Select(point => point.X).Distinct().Order()] : x.Ticks(8)) svg.Line(x[tick], bottom, x[tick], bottom + 4, "axis").Text(x[tick], bottom + 16, tick.ToString("#,0.##", CultureInfo.InvariantCulture), "small", "middle");
        svg.Line(left, bottom, right, bottom, "axis").Line(left, top, left, bottom, "axis");
        if (Chance is { } share) svg.Line(left, y[share], right, y[share], "reference").Text(right, y[share] - 4, "chance", "small", "end");
        foreach (var curve in Curves)
        {
            svg.Polyline(curve.Points.Select(point => (x[point.X], y[point.Y])), $"curve {SeriesStyle.Stroke(curve.Series)}");
            foreach (var (valueX, valueY) in curve.Points) svg.Marker(x[valueX], y[valueY], curve.Series, FormattableString.Invariant($"{curve.Name}: {Format(valueY)} at {valueX}"), curve.Points.Count > 12 ? 1.8 : 3);
        }
    }

    /// <summary>At most seven ticks, evenly left out.</summary>
    private static IEnumerable<double> Thinned(IReadOnlyList<double> ticks) => ticks.Where((_, i) => i % ((ticks.Count + 6) / 7) == 0);

    private string Format(double value) => YAxis == PanelAxis.Share ? FormattableString.Invariant($"{100 * value:0.#}%")
        : value is not 0 and (< 0.001 or >= 100_000) ? value.ToString("0.#e+0", CultureInfo.InvariantCulture) : value.ToString(value < 10 ? "0.###" : "#,0", CultureInfo.InvariantCulture);
}
