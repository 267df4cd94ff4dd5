namespace MlAttention.Examples;

/// <summary>A matrix as a figure: blue where a number is positive, orange where it is negative, strong where it is large.</summary>
internal static class HeatMap
{
    private const int LongestName = 16; // letters
    private const double LetterWidth = 6.2, LineHeight = 14;

    /// <summary>A figure with names at the rows and columns, what both are, and the scale of the colours.</summary>
    /// <param name="id">Unique on the page.</param>
    /// <param name="title">What the figure is.</param>
    /// <param name="description">What it shows, in words, for people who do not see it.</param>
    /// <param name="values">The numbers [rows,columns].</param>
    /// <param name="rows">The rows' names, and what they are.</param>
    /// <param name="columns">The columns' names, and what they are.</param>
    /// <param name="cell">Side of a cell in pixels.</param>
    public static string Draw(string id, string title, string description, double[,] values, (string Axis, IReadOnlyList<string> Names) rows, (string Axis, IReadOnlyList<string> Names) columns, int cell = 22)
    {
        int left = 28 + Room(rows.Names), top = 24 + Room(columns.Names), bottom = top + cell * values.GetLength(0);
        double largest = Largest(values);
        var svg = new SvgWriter(Math.Max(left + cell * values.GetLength(1) + 16, left + 216), bottom + 40);
        svg.Text(left, 14, $"{columns.Axis} →", "small").Text(14, top, $"← {rows.Axis}", "small", "end", -90);
        for (int row = 0; row < rows.Names.Count; row++) svg.Text(left - 5, top + (row + 0.5) * cell + 4, Short(rows.Names[row]), "label", "end");
        for (int column = 0; column < columns.Names.Count; column++) svg.Text(left + (column + 0.5) * cell + 4, top - 5, Short(columns.Names[column]), "label", "start", -90);
        Cells(svg, left, top, cell, values, largest);
        new HeatCells(largest).DrawBar(svg, left, bottom + 10, isSigned: values.Cast<double>().Any(value => value < 0), value => value.ToString("0.##", CultureInfo.InvariantCulture));
        return svg.ToSvg(id, title, description);
    }

    /// <summary>The cells alone, onto a figure.</summary>
    /// <param name="svg">The figure.</param>
    /// <param name="x">Left edge in pixels.</param>
    /// <param name="y">Upper edge in pixels.</param>
    /// <param name="cell">Side of a cell in pixels.</param>
    /// <param name="values">The numbers [rows,columns].</param>
    /// <param name="largest">The size of a number in full colour; null for the largest there is.</param>
    public static void Cells(SvgWriter svg, int x, int y, int cell, double[,] values, double? largest = null)
    {
        var cells = new HeatCells(largest ?? Largest(values));
        for (int row = 0; row < values.GetLength(0); row++)
            for (int column = 0; column < values.GetLength(1); column++) cells.Add(x + column * cell, y + row * cell, cell, cell, values[row, column]);
        cells.Draw(svg);
        int width = cell * values.GetLength(1), height = cell * values.GetLength(0);
        svg.Polyline([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], "curve grid");
    }

    private static double Largest(double[,] values) => values.Cast<double>().Select(Math.Abs).DefaultIfEmpty(0).Max();

    private static int Room(IReadOnlyList<string> names) => (int)Math.Max(LineHeight, LetterWidth * names.Select(name => Short(name).Length).DefaultIfEmpty(0).Max());

    private static string Short(string name) => name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…";
}
