using System.Text;

namespace MlAttention.Examples;

/// <summary>Figures on one page that opens by itself in any browser, light or dark as the reader has it.</summary>
internal static class Page
{
    /// <summary>Writes the page.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="remarks">A sentence under the title: of which run it is.</param>
    /// <param name="figures">What stands above each figure, and the SVG element.</param>
    public static void Write(string file, string title, string remarks, params (string Caption, string Svg)[] figures)
    {
        var page = new StringBuilder($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{SvgWriter.Escape(title)}</title>\n<style>\n{HtmlStyle.Css}</style>\n</head>\n<body>\n<main>\n")
            .Append(CultureInfo.InvariantCulture, $"<h1>{SvgWriter.Escape(title)}</h1>\n<p class=\"strip\">{SvgWriter.Escape(remarks)}</p>\n");
        foreach (var (caption, svg) in figures) page.Append(CultureInfo.InvariantCulture, $"<figure style=\"max-width: {1.2 * WidthOf(svg):0}px; margin-top: 1rem\">\n<figcaption>{SvgWriter.Escape(caption)}</figcaption>\n{svg}</figure>\n");
        File.WriteAllText(file, page.Append("</main>\n</body>\n</html>\n").ToString());
    }

    private static int WidthOf(string svg) => int.Parse(svg.Split("viewBox=\"0 0 ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
}
