namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>A position scheme's numbers as a heat map with axes and a colour bar.</summary>
internal static class PositionHeatMap
{
    private const int Width = 420, Height = 200, Left = 46, Right = 8, Margin = 10, TitleHeight = 20, RowTick = 8, MostColumnTicks = 8;

    /// <summary>The pattern as a figure.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="pattern">The numbers.</param>
    /// <param name="isTitled">Whether the title stands in the figure, not beside it.</param>
    public static string Draw(string id, PositionPattern pattern, bool isTitled = true)
    {
        int rows = pattern.Values.Length, columns = pattern.Values[0].Length, columnStep = Math.Max(1, columns / MostColumnTicks);
        int cellWidth = Math.Max(1, (Width - Left - Right) / columns), cellHeight = Math.Max(1, (int)Math.Round(Height / (double)rows));
        int top = Margin + (isTitled ? TitleHeight : 0), bottom = top + rows * cellHeight, right = Left + columns * cellWidth;
        double largest = pattern.Values.SelectMany(row => row).Where(value => !double.IsNaN(value)).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var svg = new SvgWriter(Width, bottom + 68);
        if (isTitled) svg.Text(4, 16, pattern.Title, "heading");
        var cells = new HeatCells(largest);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                if (pattern.Values[row][column] is var value && !double.IsNaN(value)) cells.Add(Left + column * cellWidth, top + row * cellHeight, cellWidth, cellHeight, value);
        cells.Draw(svg);
        for (int row = 0; row < rows; row += RowTick) svg.Text(Left - 5, top + (row + 0.5) * cellHeight + 4, Invariant($"{pattern.FirstRow + row}"), "small", "end");
        for (int column = 0; column < columns; column += columnStep) svg.Text(Left + (column + 0.5) * cellWidth, bottom + 14, Invariant($"{pattern.FirstColumn + column}"), "small", "middle");
        svg.Text(right, bottom + 28, pattern.ColumnName, "small", "end").Text(14, (top + bottom) / 2.0, pattern.RowName, "small", "middle", -90);
        cells.DrawBar(svg, Left, bottom + 38, isSigned: pattern.Values.Any(row => row.Any(value => value < 0)), value => Invariant($"{value:0.##}"));
        return svg.ToSvg(id, pattern.Title, Invariant($"{pattern.Title}: heat map of {rows} rows ({pattern.RowName}, from {pattern.FirstRow}) and {columns} columns ({pattern.ColumnName}), values up to {largest:0.###} in size."));
    }
}
