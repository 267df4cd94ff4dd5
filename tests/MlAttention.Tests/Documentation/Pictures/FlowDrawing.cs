using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>Draws parts of a network below each other, with arrows, and the residual connections beside them.</summary>
/// <param name="svg">Where to draw.</param>
internal sealed class FlowDrawing(SvgWriter svg)
{
    /// <summary>Width of a part.</summary>
    public const double Width = 122;

    private const double Height = 26, Arrow = 16, Beside = 16;

    /// <summary>A column of parts.</summary>
    /// <param name="x">Middle.</param>
    /// <param name="top">Where it begins.</param>
    /// <param name="input">What goes in.</param>
    /// <param name="output">What comes out.</param>
    /// <param name="parts">The parts; "(" is where a residual connection leaves, "+" where it is added.</param>
    /// <returns>The middle of each part, and where the column ends, under the name of the output.</returns>
    public IReadOnlyDictionary<string, double> Column(double x, double top, string input, string output, params string[] parts)
    {
        Dictionary<string, double> places = [];
        double y = top, residual = 0;
        svg.Text(x, y, input, "label", "middle");
        y += 6;
        foreach (string part in parts)
        {
            if (part == "(")
            {
                residual = y + 5;
                continue;
            }
            Down(x, y, y += Arrow);
            if (part == "+")
            {
                svg.Line(x, residual, x - Width / 2 - Beside, residual, "axis").Line(x - Width / 2 - Beside, residual, x - Width / 2 - Beside, y + 8, "axis").Line(x - Width / 2 - Beside, y + 8, x - 9, y + 8, "axis");
                Head(x - 9, y + 8, "M0 0L-6 -4L-6 4Z");
                svg.Text(x, y + 14, "⊕", "heading", "middle");
                y += 17;
                continue;
            }
            svg.Rectangle(x - Width / 2, y, Width, Height, "band");
            if (!part.StartsWith("norm", StringComparison.Ordinal)) svg.Rectangle(x - Width / 2, y, Width, Height, part.StartsWith("feed", StringComparison.Ordinal) ? "f1" : "f0", 0.3);
            svg.Text(x, y + Height / 2 + 4, part, "label", "middle");
            places[part] = y + Height / 2;
            y += Height;
        }
        Down(x, y, y + Arrow);
        svg.Text(x, y + Arrow + 13, output, "label", "middle");
        places[output] = y + Arrow + 9;
        return places;
    }

    /// <summary>An arrow to the right.</summary>
    public void Right(double from, double to, double y)
    {
        svg.Line(from, y, to, y, "axis");
        Head(to, y, "M0 0L-6 -4L-6 4Z");
    }

    private void Down(double x, double from, double to)
    {
        svg.Line(x, from, x, to, "axis");
        Head(x, to, "M0 0L-4 -6L4 -6Z");
    }

    private void Head(double x, double y, string path) => svg.Area(x, y, 1, path, "f8", 1);
}
