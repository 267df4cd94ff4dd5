using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>Squares of queries and keys side by side, each with its name: as wide as a page, and with two in a row for telephones.</summary>
/// <param name="name">The file's name; the narrow one's ends in "-narrow".</param>
/// <param name="title">What the picture is.</param>
/// <param name="tokens">Queries, and keys, of a square.</param>
/// <param name="across">Panels in a row of the wide picture.</param>
/// <param name="panels">The panels.</param>
internal sealed class PanelPicture(string name, string title, int tokens, int across, IReadOnlyList<PanelPicture.Panel> panels)
{
    private const int Left = 20, Line = 14;
    private const double Side = 160, PanelWidth = 214;

    private readonly double _cell = Side / tokens, _top = 30 + Line * panels[0].Meaning.Length;

    /// <summary>Both pictures.</summary>
    public IReadOnlyList<Picture> Pictures => [new(name, () => Draw(name, across)), new($"{name}-narrow", () => Draw($"{name}-narrow", 2))];

    private string Draw(string id, int columns)
    {
        int rows = (panels.Count + columns - 1) / columns;
        double panelHeight = _top + Side + 18;
        var svg = new SvgWriter((int)(Left + columns * PanelWidth), (int)(rows * panelHeight + 10));
        foreach (var (index, panel) in panels.Index())
        {
            double x = Left + index % columns * PanelWidth, y = _top + index / columns * panelHeight;
            svg.Text(x, y - 10 - Line * panel.Meaning.Length, panel.Name, "heading");
            foreach (var (line, text) in panel.Meaning.Index()) svg.Text(x, y - 10 - Line * (panel.Meaning.Length - 1 - line), text, "small");
            svg.Text(x - 6, y + Side / 2, "query i", "small", "middle", -90).Text(x + Side / 2, y + Side + 12, "key j", "small", "middle");
            DrawCells(svg, x, y, panel.Values);
        }
        return svg.ToSvg(id, title, $"A square of {tokens} queries by {tokens} keys for each; blue is positive, orange negative, strong is large, grey is what a query may not see. {string.Join("; ", panels.Select(panel => $"{panel.Name}: {string.Join(' ', panel.Meaning)}"))}.");
    }

    private void DrawCells(SvgWriter svg, double x, double y, double[,] values)
    {
        double largest = values.Cast<double>().Where(double.IsFinite).Max(Math.Abs), size = tokens > 8 ? _cell : _cell - 1;
        for (int i = 0; i < tokens; i++)
            for (int j = 0; j < tokens; j++)
            {
                if (double.IsNaN(values[i, j])) svg.Rectangle(x + j * _cell, y + i * _cell, size, size, "band");
                else if (largest > 0 && Math.Round(values[i, j] / largest, 2) != 0) svg.Rectangle(x + j * _cell, y + i * _cell, size, size, values[i, j] < 0 ? "f1" : "f0", Math.Abs(values[i, j] / largest));
            }
        svg.Line(x, y, x + Side, y, "grid").Line(x, y + Side, x + Side, y + Side, "grid").Line(x, y, x, y + Side, "grid").Line(x + Side, y, x + Side, y + Side, "grid");
    }

    /// <summary>One square.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Meaning">What it shows, in as many lines as every panel has.</param>
    /// <param name="Values">A number for each query and key; NaN where the query may not see the key.</param>
    public sealed record Panel(string Name, string[] Meaning, double[,] Values)
    {
        /// <summary>A panel of a function.</summary>
        public static Panel Of(string name, string[] meaning, int tokens, Func<int, int, double> value)
        {
            double[,] values = new double[tokens, tokens];
            for (int i = 0; i < tokens; i++)
                for (int j = 0; j < tokens; j++) values[i, j] = value(i, j);
            return new(name, meaning, values);
        }
    }
}
