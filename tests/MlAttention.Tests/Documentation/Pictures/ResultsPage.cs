using System.Globalization;
using System.Text.RegularExpressions;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The tables of docs/RESULTS.md.</summary>
internal static partial class ResultsPage
{
    /// <summary>A variant's row.</summary>
    /// <param name="Name">Of the variant.</param>
    /// <param name="Seeds">Accuracy of each seed, in per cent.</param>
    /// <param name="Gain">Difference to another row, in points; 0 where none is given.</param>
    /// <param name="Interval">Its interval, in points; null where none is given.</param>
    public sealed record Row(string Name, double[] Seeds, double Gain, (double Lower, double Upper)? Interval);

    /// <summary>The rows of variants in the first table of a section with seeds, from the one they are compared with on.</summary>
    public static IReadOnlyList<Row> Rows(string heading)
    {
        var table = Table(heading);
        int seeds = table[0].Index().First(column => column.Item == "every seed, %").Index, gain = table[0].Index().First(column => column.Item.StartsWith("gain", StringComparison.Ordinal) || column.Item == "against ordered").Index;
        return [.. table.Skip(1).Where(row => !row[0].StartsWith('(')).Select(row => Read(row[0], row[seeds], row[gain]))];
    }

    /// <summary>The cells of a section's first table, its header first.</summary>
    public static string[][] Table(string heading)
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "RESULTS.md"));
        int start = page.IndexOf("\n" + heading, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/RESULTS.md has no section \"{heading}\"");
        return
        [
            .. page[(start + 1)..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Where(line => !line.StartsWith("|--", StringComparison.Ordinal))
                .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
    }

    /// <summary>A number as the page writes it.</summary>
    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static Row Read(string name, string seeds, string gain)
    {
        double[] figures = [.. seeds.Split(' ').Select(Number)];
        return Gain().Match(gain) is { Success: true } match ? new(name, figures, Number(match.Groups[1].Value), (Number(match.Groups[2].Value), Number(match.Groups[3].Value))) : new(name, figures, 0, null);
    }

    [GeneratedRegex(@"^([+-]?[\d.]+) \[(-?[\d.]+), (-?[\d.]+)\]")]
    private static partial Regex Gain();
}
