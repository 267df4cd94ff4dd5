using System.Text;
using MlAttention.Ablation.Reporting.Figures;
using Spectre.Console;

namespace MlAttention.Cli.Terminal;

/// <summary>A head's weights as shaded blocks: rows attend to columns.</summary>
internal static class HeadMap
{
    /// <summary>From nothing to the largest share.</summary>
    private const string Shades = " ░▒▓█";

    private const int CellWidth = 2, MostBlocks = 40, WidestName = 18;

    /// <summary>The map's lines, each at most <paramref name="width"/> columns wide.</summary>
    public static IEnumerable<string> Lines(AttentionPattern pattern, AttentionHead head, int width)
    {
        string[] tokens = [.. pattern.Words.Select(Printable)];
        int most = Math.Clamp((width - WidestName - 1) / CellWidth, 1, MostBlocks);
        var blocks = AttentionBlocks.Of(head, tokens.Length, most);
        string[] names = [.. Enumerable.Range(0, blocks.Count).Select(block => Cut(blocks.Name(block, tokens), WidestName))];
        int margin = names.Max(name => name.GetCellWidth()) + 1;
        double largest = blocks.Largest;
        yield return FormattableString.Invariant($"Layer {head.Layer + 1}, head {head.Head + 1}: a row's token attends to the columns' tokens{(blocks.Size > 1 ? $", by {blocks.Size}" : "")}");
        yield return new string(' ', margin) + Numbers(blocks);
        for (int row = 0; row < blocks.Count; row++)
        {
            var line = new StringBuilder(names[row]).Append(' ', margin - names[row].GetCellWidth());
            for (int column = 0; column < blocks.Count; column++) line.Append(Shade(blocks.Shares[row * blocks.Count + column] / largest), CellWidth);
            yield return line.ToString().TrimEnd();
        }
        yield return string.Join("  ", Enumerable.Range(1, Shades.Length - 1).Select(shade => $"{Shades[shade]} {ReportText.Percent(largest * shade / (Shades.Length - 1))}"));
    }

    private static char Shade(double share) => Shades[(int)Math.Round(share * (Shades.Length - 1), MidpointRounding.AwayFromZero)];

    // The number of each block's first token, or of every second or fifth where the numbers would run into each other.
    private static string Numbers(AttentionBlocks blocks)
    {
        int step = blocks.FirstToken(blocks.Count - 1) switch { < 10 => 1, < 100 => 2, _ => 5 };
        var line = new StringBuilder();
        for (int block = 0; block < blocks.Count; block += step) line.Append(' ', block * CellWidth - line.Length).Append(CultureInfo.InvariantCulture, $"{blocks.FirstToken(block)}");
        return line.ToString();
    }

    /// <summary>The token without what a terminal obeys, and what turns its lines around.</summary>
    public static string Printable(string token) => string.Concat(token.EnumerateRunes().Select(rune =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned ? "\uFFFD" : rune.ToString()));

    private static string Cut(string name, int width)
    {
        if (name.GetCellWidth() <= width) return name;
        while (name.GetCellWidth() > width - 1) name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        return name + "…";
    }
}
