namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>A position scheme's numbers as curves over the distance, one for each column.</summary>
internal static class PositionLines
{
    private const int Width = 420, Left = 52, Right = 20, PlotHeight = 200, LegendRow = 16, LegendColumns = 4, Markers = 8;
    private const double Room = 0.05; // above and below the curves, as a share of their range

    /// <summary>The pattern as a figure.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="pattern">The numbers.</param>
    /// <param name="isTitled">Whether the title stands in the figure, not beside it.</param>
    public static string Draw(string id, PositionPattern pattern, bool isTitled = true)
    {
        int top = isTitled ? 46 : 26, bottom = top + PlotHeight;
        int columns = pattern.Values[0].Length, rows = pattern.Values.Length;
        var svg = new SvgWriter(Width, bottom + 44 + (columns + LegendColumns - 1) / LegendColumns * LegendRow);
        double[] values = [.. pattern.Values.SelectMany(row => row).Where(value => !double.IsNaN(value)).Append(0)];
        var x = new PlotScale(pattern.FirstRow, pattern.FirstRow + rows - 1, Left, Width - Right);
        double least = values.Min(), most = values.Max(), room = Room * (most - least);
        var y = new PlotScale(least < 0 ? least - room : least, most > 0 ? most + room : most, bottom, top);
        if (isTitled) svg.Text(4, 16, pattern.Title, "heading");
        foreach (double tick in y.Ticks(5)) svg.Line(Left, y[tick], Width - Right, y[tick], "grid").Text(Left - 5, y[tick] + 4, Number(tick), "small", "end");
        foreach (double tick in x.Ticks(6).Where(tick => tick == Math.Round(tick))) svg.Line(x[tick], bottom, x[tick], bottom + 4, "axis").Text(x[tick], bottom + 16, Number(tick), "small", "middle");
        svg.Line(Left, bottom, Width - Right, bottom, "axis").Line(Left, top, Left, bottom, "axis").Line(Left, y[0], Width - Right, y[0], "reference");
        svg.Text(Width - Right, bottom + 30, pattern.RowName, "small", "end").Text(6, top - 12, pattern.FirstRow < 0 ? "bias" : "cosine", "small");
        for (int column = 0; column < columns; column++)
        {
            string name = columns == 1 ? pattern.ColumnName : Invariant($"{pattern.ColumnName} {pattern.FirstColumn + column}");
            var points = Enumerable.Range(0, rows).Select(row => (X: pattern.FirstRow + row, Y: pattern.Values[row][column])).Where(point => !double.IsNaN(point.Y)).ToArray();
            bool isHollow = column / SeriesStyle.Count % 2 == 1; // the looks come round, so that the second time they are outlines
            svg.Polyline(points.Select(point => (x[point.X], y[point.Y])), $"curve {SeriesStyle.Stroke(column)}");
            // Markers of two curves that lie on each other stand beside each other.
            int step = Math.Max(1, points.Length / Markers);
            foreach (var point in points.Where((_, index) => index % step == column % step)) svg.Marker(x[point.X], y[point.Y], column, Invariant($"{name}: {Number(point.Y)} at {point.X}"), 2.6, isHollow);
            double legendX = Left + column % LegendColumns * 90, legendY = bottom + 48 + column / LegendColumns * LegendRow;
            svg.Marker(legendX, legendY - 4, column, name, isHollow: isHollow).Text(legendX + 10, legendY, name, "small");
        }
        return svg.ToSvg(id, pattern.Title, $"{pattern.Title}: {Quantity(columns, "curve")} over the {pattern.RowName}, from {Number(pattern.FirstRow)} to {Number(pattern.FirstRow + rows - 1)}, values from {Number(least)} to {Number(most)}.");
    }
}
