using System.Globalization;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>Draws matrices with their numbers, side by side as a formula; blue is positive, orange negative, strong is large.</summary>
/// <param name="svg">Where to draw.</param>
/// <param name="cellWidth">Width of a number.</param>
internal sealed class MatrixDrawing(SvgWriter svg, double cellWidth = 36)
{
    /// <summary>Height of a number.</summary>
    public const double CellHeight = 26;

    private const double Gap = 24, Strongest = 0.55;

    /// <summary>A matrix with its name above.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="top">Top edge of the numbers.</param>
    /// <param name="name">Stands above.</param>
    /// <param name="rows">The numbers; NaN is what a mask hides.</param>
    /// <param name="columns">Names of the columns, if they have any.</param>
    /// <param name="format">Of the numbers.</param>
    /// <returns>The right edge.</returns>
    public double Matrix(double x, double top, string name, double[][] rows, string[]? columns = null, string format = "0.00")
    {
        double largest = Math.Max(1, rows.SelectMany(row => row).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max()), width = rows[0].Length * cellWidth;
        svg.Text(x + width / 2 - 1, top - (columns is null ? 8 : 22), name, "heading", "middle");
        for (int j = 0; j < columns?.Length; j++) svg.Text(x + (j + 0.5) * cellWidth - 1, top - 7, columns[j], "small", "middle");
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[i].Length; j++)
            {
                svg.Rectangle(x + j * cellWidth, top + i * CellHeight, cellWidth - 2, CellHeight - 2, "band");
                if (Math.Round(rows[i][j], 2) is not (0 or double.NaN)) svg.Rectangle(x + j * cellWidth, top + i * CellHeight, cellWidth - 2, CellHeight - 2, rows[i][j] > 0 ? "f0" : "f1", Strongest * Math.Abs(rows[i][j]) / largest);
                svg.Text(x + (j + 0.5) * cellWidth - 1, top + (i + 0.5) * CellHeight + 3, Number(rows[i][j], format), "label", "middle");
            }
        return x + width;
    }

    /// <summary>Names of the rows, left of a matrix.</summary>
    public void RowNames(double x, double top, params string[] names)
    {
        foreach (var (i, name) in names.Index()) svg.Text(x - 6, top + (i + 0.5) * CellHeight + 3, name, "small", "end");
    }

    /// <summary>A sign between two matrices of some rows.</summary>
    /// <returns>Where the next one begins.</returns>
    public double Sign(double x, double top, string sign, int rows = 3)
    {
        svg.Text(x + Gap / 2 - 1, top + rows * CellHeight / 2 + 3, sign, "heading", "middle");
        return x + Gap;
    }

    /// <summary>Rows as columns.</summary>
    public static double[][] Transposed(double[][] rows) => [.. rows[0].Select((_, column) => rows.Select(row => row[column]).ToArray())];

    /// <summary>A number as the pictures and their pages show it: without a sign where it is 0.</summary>
    public static string Number(double value, string format = "0.00") =>
        double.IsNaN(value) ? "-∞" : (Math.Round(value, 2) == 0 ? 0 : value).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The numbers of a row.</summary>
    public static string Row(IEnumerable<double> numbers) => string.Join(' ', numbers.Select(number => Number(number)));
}
