using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What one types and sees: docs/pictures/terminal.txt as a window of a terminal. Lines that begin with "$ " are typed.</summary>
internal static class TerminalPicture
{
    private const double LetterWidth = 6.75, LineHeight = 15, Left = 16, Top = 44;

    public static string Draw()
    {
        string[] lines = File.ReadAllText(Path.Combine(Picture.Folder, "terminal.txt")).TrimEnd().Split('\n');
        var svg = new SvgWriter((int)(2 * Left + LetterWidth * lines.Max(line => line.Length)), (int)(Top + lines.Length * LineHeight));
        svg.Rectangle(0, 0, 2 * Left + LetterWidth * lines.Max(line => line.Length), 24, "band");
        svg.Text(Left, 16, "terminal", "small");
        for (int i = 0; i < lines.Length; i++) svg.Text(Left, Top + i * LineHeight, lines[i], lines[i].StartsWith("$ ", StringComparison.Ordinal) ? "heading" : "label");
        string drawn = svg.ToSvg("terminal", "MlAttention in a terminal", string.Join('\n', lines));
        return drawn.Replace("<text ", "<text xml:space=\"preserve\" style=\"font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px\" ", StringComparison.Ordinal);
    }
}
