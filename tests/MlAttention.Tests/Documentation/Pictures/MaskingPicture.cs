using System.Globalization;
using System.Text.RegularExpressions;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What pre-training asks for: a text, a word of it hidden, and the guesses; from docs/pictures/pretrain.txt, which examples/Pretrain printed.</summary>
internal static partial class MaskingPicture
{
    private const double LetterWidth = 6.75, Left = 92, Top = 30, BlockHeight = 128, Row = 17, BarLeft = 190, BarWidth = 420;

    public static string Draw()
    {
        var blocks = Read();
        string text = string.Join(' ', blocks[0].Words.Select(word => word.Replace("[MASK]", blocks[0].Word, StringComparison.Ordinal)));
        var svg = new SvgWriter(832, (int)(Top + 26 + blocks.Count * BlockHeight));
        Words(svg, Top, "text", text.Split(' '), [.. blocks.Select(block => block.Hidden)], "f0");
        for (int i = 0; i < blocks.Count; i++)
        {
            double top = Top + 40 + i * BlockHeight;
            Words(svg, top, "masked", blocks[i].Words, [blocks[i].Hidden], "f1");
            double largest = blocks.Max(block => block.Guesses.Max(guess => guess.Percent));
            for (int guess = 0; guess < blocks[i].Guesses.Count; guess++)
            {
                var (token, percent) = blocks[i].Guesses[guess];
                bool isRight = string.Equals(token, blocks[i].Word, StringComparison.OrdinalIgnoreCase);
                double y = top + 24 + guess * Row;
                svg.Text(BarLeft - 8, y, isRight ? token + " ✓" : token, isRight ? "heading" : "label", "end");
                svg.Rectangle(BarLeft, y - 10, Math.Max(1, BarWidth * percent / largest), 11, isRight ? "f0" : "f1");
                svg.Text(BarLeft + BarWidth * percent / largest + 6, y, FormattableString.Invariant($"{percent}%"), "small");
            }
        }
        string drawn = svg.ToSvg("masking", "A text, a word of it hidden, and what the encoder guesses", $"{text} " + string.Join(" ", blocks.Select(block => $"Hidden: {block.Word}; guessed: {string.Join(", ", block.Guesses.Select(guess => FormattableString.Invariant($"{guess.Token} {guess.Percent}%")))}.")));
        return Mono().Replace(drawn, "<text xml:space=\"preserve\" style=\"font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px\" data-mono=\"1\" ");
    }

    /// <summary>The words of a text in letters of one width, some of them on a coloured ground.</summary>
    private static void Words(SvgWriter svg, double y, string name, string[] words, int[] marked, string style)
    {
        svg.Text(Left - 12, y, name, "small", "end");
        double x = Left;
        for (int i = 0; i < words.Length; i++)
        {
            double width = words[i].Length * LetterWidth;
            if (marked.Contains(i)) svg.Rectangle(x - 2, y - 12, width + 4, 16, style, 0.35);
            svg.Text(x, y, words[i], "label mono");
            x += width + LetterWidth;
        }
    }

    private static List<(string[] Words, int Hidden, string Word, List<(string Token, int Percent)> Guesses)> Read()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Picture.Folder, "pretrain.txt"));
        var blocks = new List<(string[], int, string, List<(string, int)>)>();
        for (int i = 0; i + 1 < lines.Length; i++)
        {
            if (!lines[i].Contains("[MASK]", StringComparison.Ordinal) || Guesses().Match(lines[i + 1]) is not { Success: true } match) continue;
            string[] words = lines[i].Split(' ');
            blocks.Add((words, Array.FindIndex(words, word => word.Contains("[MASK]", StringComparison.Ordinal)), match.Groups["word"].Value, [.. match.Groups["guess"].Captures.Select(guess => (guess.Value.Split(' ')[0], int.Parse(guess.Value.Split(' ')[1].TrimEnd('%'), CultureInfo.InvariantCulture)))]));
        }
        return blocks;
    }

    [GeneratedRegex(@"^  (?<word>\S+)\? (?:(?<guess>\S+ \d+%)(?:, )?)+$")]
    private static partial Regex Guesses();

    [GeneratedRegex("<text (?=[^>]*class=\"label mono\")")]
    private static partial Regex Mono();
}
