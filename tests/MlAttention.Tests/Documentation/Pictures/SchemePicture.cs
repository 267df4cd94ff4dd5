using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Core.Architecture;
using MlAttention.Core.Randomness;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What each position scheme lets a query at i tell of a key at j, from the functions that the models use.</summary>
internal static class SchemePicture
{
    private const int Tokens = 16, Width = 64, HeadWidth = 16, Clip = 4, Across = 3, Left = 20, Top = 58;
    private const double Cell = 10, PanelWidth = 220, PanelHeight = 236;

    private static readonly PositionOptions s_options = new();
    private static readonly double[,] s_sinusoidal = SinusoidalTable.Of(Tokens, Width, s_options.SinusoidalBase, interleaved: true);
    private static readonly double[,] s_learned = Untrained();

    private static readonly (string Name, string[] Meaning, Func<int, int, double> Value)[] s_schemes =
    [
        ("Sinusoidal", ["PE(i)·PE(j): depends on the distance", "alone, and fades with it"], (i, j) => Product(s_sinusoidal, i, j)),
        ("Learned", ["a vector of its own for each position,", "here untrained: unlike any other"], (i, j) => Product(s_learned, i, j)),
        ("Shaw relative", ["one vector for each distance j - i,", "all beyond k alike (here k = 4)"], (i, j) => Math.Clamp(j - i, -Clip, Clip) / (double)Clip),
        ("Relative bias (T5)", ["a number for each bucket of distances:", "fine when near, coarse when far"], (i, j) => Bucket(j - i)),
        ("Rotary", ["q·k of one vector turned to i and to j:", "depends on the distance alone"], (i, j) => Rotated(j - i)),
        ("ALiBi", ["minus a slope times the distance; this", "head looks back, others look ahead"], (i, j) => j > i ? double.NaN : AlibiSlopes.Of(2)[0] * (j - i)),
    ];

    public static string Draw()
    {
        int rows = s_schemes.Length / Across;
        var svg = new SvgWriter((int)(Left + Across * PanelWidth), (int)(rows * PanelHeight + 10));
        foreach (var (panel, (name, meaning, value)) in s_schemes.Index())
        {
            double x = Left + panel % Across * PanelWidth, y = Top + panel / Across * PanelHeight;
            svg.Text(x, y - 38, name, "heading").Text(x, y - 24, meaning[0], "small").Text(x, y - 10, meaning[1], "small");
            svg.Text(x - 6, y + Tokens * Cell / 2, "query i", "small", "middle", -90).Text(x + Tokens * Cell / 2, y + Tokens * Cell + 12, "key j", "small", "middle");
            DrawCells(svg, x, y, value);
        }
        return svg.ToSvg("schemes", "What each position scheme lets a query tell of a key", $"A square of {Tokens} queries by {Tokens} keys for each scheme; blue is positive, orange negative, strong is large. {string.Join("; ", s_schemes.Select(scheme => $"{scheme.Name}: {string.Join(' ', scheme.Meaning)}"))}.");
    }

    private static void DrawCells(SvgWriter svg, double x, double y, Func<int, int, double> value)
    {
        var cells = Enumerable.Range(0, Tokens).SelectMany(i => Enumerable.Range(0, Tokens).Select(j => (i, j, Value: value(i, j)))).ToArray();
        double largest = cells.Where(cell => !double.IsNaN(cell.Value)).Max(cell => Math.Abs(cell.Value));
        foreach (var (i, j, strength) in cells)
        {
            if (double.IsNaN(strength)) svg.Rectangle(x + j * Cell, y + i * Cell, Cell, Cell, "band");
            else if (Math.Round(strength / largest, 2) != 0) svg.Rectangle(x + j * Cell, y + i * Cell, Cell, Cell, strength < 0 ? "f1" : "f0", Math.Abs(strength / largest));
        }
        svg.Line(x, y, x + Tokens * Cell, y, "grid").Line(x, y + Tokens * Cell, x + Tokens * Cell, y + Tokens * Cell, "grid").Line(x, y, x, y + Tokens * Cell, "grid").Line(x + Tokens * Cell, y, x + Tokens * Cell, y + Tokens * Cell, "grid");
    }

    private static double Product(double[,] table, int i, int j) => Enumerable.Range(0, Width).Sum(column => table[i, column] * table[j, column]);

    private static double Bucket(int distance)
    {
        int ofASide = s_options.Buckets / 2, bucket = RelativeBuckets.Of(distance, s_options.Buckets, s_options.MaxDistance, bidirectional: true);
        return distance > 0 ? (bucket - ofASide) : -bucket;
    }

    private static double Rotated(int distance) =>
        Enumerable.Range(0, HeadWidth / 2).Average(pair => Math.Cos(distance / Math.Pow(s_options.RotaryBase, 2.0 * pair / HeadWidth)));

    private static double[,] Untrained()
    {
        double[,] table = new double[Tokens, Width];
        var random = Xoshiro256.For(1, "learned positions in a picture");
        for (int i = 0; i < Tokens; i++)
            for (int column = 0; column < Width; column++) table[i, column] = random.NextNormal();
        return table;
    }
}
