using System.Text;

namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>The cells of a heat map, blue where a value is positive and orange where it is negative; cells of one shade are one path, so that thousands of them stay small.</summary>
/// <param name="largest">The size of a value in full colour.</param>
internal sealed class HeatCells(double largest)
{
    private const int Shades = 25;
    private const double BarWidth = 8 * Shades, BarHeight = 9;
    private readonly SortedDictionary<int, StringBuilder> _paths = [];

    /// <summary>Adds a cell. Edges at whole numbers leave no seams between cells.</summary>
    public void Add(int x, int y, int width, int height, double value)
    {
        int shade = largest > 0 ? (int)Math.Round(value / largest * Shades) : 0;
        if (shade == 0) return;
        if (!_paths.TryGetValue(shade, out var path)) _paths.Add(shade, path = new StringBuilder());
        path.Append(Invariant($"M{x} {y}h{width}v{height}h-{width}z"));
    }

    /// <summary>Draws the cells.</summary>
    public void Draw(SvgWriter svg)
    {
        foreach (var (shade, path) in _paths) svg.Area(0, 0, 1, path.ToString(), shade < 0 ? "f1" : "f0", Math.Abs(shade) / (double)Shades);
    }

    /// <summary>Draws the colour bar: which value a shade is.</summary>
    /// <param name="svg">The figure.</param>
    /// <param name="x">Its left end.</param>
    /// <param name="y">Its upper edge.</param>
    /// <param name="isSigned">Whether it begins at minus the largest value, instead of at 0.</param>
    /// <param name="text">How values are written.</param>
    public void DrawBar(SvgWriter svg, double x, double y, bool isSigned, Func<double, string> text)
    {
        int first = isSigned ? -Shades : 0, steps = Shades - first;
        for (int shade = first; shade < Shades; shade++)
        {
            // The shade in the middle of the step.
            double share = (shade + 0.5) / Shades;
            svg.Area(x + (shade - first) * BarWidth / steps, y, 1, Invariant($"M0 0h{BarWidth / steps}v{BarHeight}h-{BarWidth / steps}z"), share < 0 ? "f1" : "f0", Math.Abs(share));
        }
        double[] ticks = isSigned ? [-largest, 0, largest] : [0, largest];
        foreach (double tick in ticks)
        {
            double place = x + BarWidth * (largest > 0 ? (tick / largest - (isSigned ? -1 : 0)) / (isSigned ? 2 : 1) : 0);
            svg.Line(place, y + BarHeight, place, y + BarHeight + 3, "axis").Text(place, y + BarHeight + 14, text(tick), "small", tick == ticks[0] ? "start" : tick == ticks[^1] ? "end" : "middle");
        }
    }
}
