using System.Security;
using System.Text;

namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>
/// Writes one SVG figure. Colours are CSS classes of the report (ink, faint, c0 to c7), so that they follow light and dark mode;
/// a figure carries a title and a description for people who do not see it.
/// </summary>
/// <param name="width">Width in user units; the figure scales with the page.</param>
/// <param name="height">Height in user units.</param>
internal sealed class SvgWriter(int width, int height)
{
    private readonly StringBuilder _text = new();
    private bool _hatched;

    /// <summary>A straight line.</summary>
    public SvgWriter Line(double x1, double y1, double x2, double y2, string style) =>
        Raw($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" class=\"{style}\"/>");

    /// <summary>Grid lines at round shares of a horizontal axis, named in per cent below it.</summary>
    public SvgWriter ShareGrid(PlotScale x, double top, double bottom)
    {
        foreach (double tick in x.Ticks(5)) Line(x[tick], top, x[tick], bottom, "grid").Text(x[tick], bottom + 14, Invariant($"{tick * 100:0}%"), "small", "middle");
        return this;
    }

    /// <summary>A filled rectangle.</summary>
    public SvgWriter Rectangle(double x, double y, double width, double height, string style, double opacity = 1) =>
        Raw($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" class=\"{style}\"{(opacity < 1 ? $" fill-opacity=\"{N(opacity)}\"" : "")}/>");

    /// <summary>A filled path, in units of a size from a place on.</summary>
    public SvgWriter Area(double x, double y, double unit, string path, string style, double opacity) =>
        Raw($"<path transform=\"translate({N(x)} {N(y)}) scale({N(unit)})\" d=\"{path}\" class=\"{style}\" fill-opacity=\"{N(opacity)}\" shape-rendering=\"crispEdges\"/>");

    /// <summary>A filled path in a colour of its own, the same in light and dark: pixels of an image.</summary>
    public SvgWriter Paint(double x, double y, double unit, string path, string color) =>
        Raw($"<path transform=\"translate({N(x)} {N(y)}) scale({N(unit)})\" d=\"{path}\" fill=\"{color}\" shape-rendering=\"crispEdges\"/>");

    /// <summary>A filled rectangle that says what it is when pointed at.</summary>
    public SvgWriter Cell(double x, double y, double width, double height, string style, double opacity, string tip) =>
        Raw($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" class=\"{style}\" fill-opacity=\"{N(opacity)}\"><title>{Escape(tip)}</title></rect>");

    /// <summary>Slanting lines over a rectangle: what stands there was shuffled. The figure's id keeps them apart from those of other figures.</summary>
    public SvgWriter Hatch(double x, double y, double width, double height, string id)
    {
        if (!_hatched)
            Raw($"<defs><pattern id=\"{id}-hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" class=\"hatch\"/></pattern></defs>");
        _hatched = true;
        return Raw($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"url(#{id}-hatch)\"/>");
    }

    /// <summary>A text.</summary>
    /// <param name="x">Anchor.</param>
    /// <param name="y">Baseline.</param>
    /// <param name="text">Any text; it is escaped.</param>
    /// <param name="style">CSS classes.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="rotation">Degrees around the anchor.</param>
    public SvgWriter Text(double x, double y, string text, string style = "label", string anchor = "start", double rotation = 0) =>
        Raw($"<text x=\"{N(x)}\" y=\"{N(y)}\" class=\"{style}\" text-anchor=\"{anchor}\"{(rotation != 0 ? $" transform=\"rotate({N(rotation)} {N(x)} {N(y)})\"" : "")}>{Escape(text)}</text>");

    /// <summary>A row's name, ending left of x; in smaller letters where the large ones of a narrow screen would need more than the given width.</summary>
    public SvgWriter Label(double x, double y, string text, double width)
    {
        const double LargeLetters = 13, Letters = 11.5, WidthOfALetter = 0.56; // pixels, pixels, share of the letters' size
        double fitting = width / (text.Length * WidthOfALetter);
        string smaller = fitting < LargeLetters ? $" style=\"font-size: {N(Math.Min(Letters, fitting))}px\"" : "";
        return Raw($"<text x=\"{N(x)}\" y=\"{N(y)}\" class=\"label\" text-anchor=\"end\"{smaller}>{Escape(text)}</text>");
    }

    /// <summary>A line through points.</summary>
    public SvgWriter Polyline(IEnumerable<(double X, double Y)> points, string style) =>
        Raw($"<polyline points=\"{string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"))}\" class=\"{style}\"/>");

    /// <summary>A marker whose shape tells series apart without colour: circle, square, triangles up, down and to the right, diamond, plus, cross, dash.</summary>
    public SvgWriter Marker(double x, double y, int series, string? tip = null, double size = 4, bool isHollow = false)
    {
        string rest = $" class=\"{(isHollow ? SeriesStyle.Hollow(series) : SeriesStyle.Fill(series))}\">{(tip is null ? "" : $"<title>{Escape(tip)}</title>")}";
        return SeriesStyle.Marker(series) switch
        {
            0 => Raw($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(size)}\"{rest}</circle>"),
            1 => Raw($"<rect x=\"{N(x - size)}\" y=\"{N(y - size)}\" width=\"{N(2 * size)}\" height=\"{N(2 * size)}\"{rest}</rect>"),
            2 => Path(Polygon((0, -1.2), (1.2, 1), (-1.2, 1))),
            3 => Path(Polygon((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0))),
            4 => Path(Polygon((0, 1.2), (1.2, -1), (-1.2, -1))),
            5 => Path(Plus()),
            6 => Path(Polygon((1.2, 0), (-1, 1.2), (-1, -1.2))),
            8 => Path(Polygon((-1.5, -0.5), (1.5, -0.5), (1.5, 0.5), (-1.5, 0.5))),
            _ => Path(Plus(), $" transform=\"rotate(45 {N(x)} {N(y)})\""),
        };

        SvgWriter Path(string path, string turned = "") => Raw($"<path d=\"{path}\"{turned}{rest}</path>");
        string Polygon(params (double X, double Y)[] corners) => $"M{string.Join('L', corners.Select(corner => $"{N(x + corner.X * size)} {N(y + corner.Y * size)}"))}Z";
        string Plus() => Polygon((-0.4, -1.3), (0.4, -1.3), (0.4, -0.4), (1.3, -0.4), (1.3, 0.4), (0.4, 0.4), (0.4, 1.3), (-0.4, 1.3), (-0.4, 0.4), (-1.3, 0.4), (-1.3, -0.4), (-0.4, -0.4));
    }

    /// <summary>What is drawn together, with attributes of its own; those of none stand alone.</summary>
    public SvgWriter Group(string attributes, Action draw)
    {
        if (attributes.Length > 0) Raw($"<g{attributes}>");
        draw();
        return attributes.Length == 0 ? this : Raw("</g>");
    }

    /// <summary>A series' marker alone, beside a text that says what it is.</summary>
    public static string Glyph(int series) => $"<svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">{new SvgWriter(12, 12).Marker(6, 6, series)._text.ToString().TrimEnd()}</svg>";

    /// <summary>The whole element.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What the figure is.</param>
    /// <param name="description">What it shows, in words: its alternative text.</param>
    public string ToSvg(string id, string title, string description) =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-description\">\n"
        + $"<title id=\"{id}-title\">{Escape(title)}</title><desc id=\"{id}-description\">{Escape(description)}</desc>\n{_text}</svg>\n";

    /// <summary>Escapes text for XML and HTML; characters that XML forbids become a replacement character.</summary>
    public static string Escape(string text) =>
        SecurityElement.Escape(string.Concat(text.EnumerateRunes().Select(rune => IsAllowed(rune.Value) ? rune.ToString() : "\uFFFD")));

    private static bool IsAllowed(int c) => c is '\t' or '\n' or '\r' or (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or (>= 0x10000 and <= 0x10FFFF);

    private SvgWriter Raw(string element)
    {
        _text.Append(element).Append('\n');
        return this;
    }

    private static string N(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}

/// <summary>CSS classes of a figure's series: Okabe and Ito's (2008) colours, with markers and dashes besides, so that colour-blind readers can tell them apart.</summary>
internal static partial class SeriesStyle
{
    /// <summary>How many there are, each with a marker and with a colour or dash of its own.</summary>
    public const int Count = 9;

    /// <summary>For filled shapes.</summary>
    public static string Fill(int series) => Invariant($"f{series % Count}");

    /// <summary>For shapes with an outline alone.</summary>
    public static string Hollow(int series) => Invariant($"h{series % Count}");

    /// <summary>For lines.</summary>
    public static string Stroke(int series) => Invariant($"s{series % Count}");

    /// <summary>Shape of its markers, another for each series.</summary>
    public static int Marker(int series) => series % Count;
}
