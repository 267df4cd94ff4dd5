using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Core.Generation;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What temperature, top-k, top-p and the repetition penalty make of one distribution; each bar is computed by the sampler that writes texts.</summary>
internal static class SamplingPicture
{
    private const double Left = 66, Top = 58, Row = 20, Panel = 130, Longest = 84;

    /// <summary>The words that may follow "the doctor sent the", the last of which stands there already, with made-up probabilities.</summary>
    private static readonly (string Word, double Probability)[] s_words =
        [("nurse", 0.34), ("teacher", 0.22), ("cook", 0.16), ("old", 0.11), ("tutor", 0.08), ("soup", 0.05), ("doctor", 0.04)];

    private static readonly (string Name, string Meaning, GenerationOptions Options)[] s_panels =
    [
        ("as the model says", "temperature 1", new()),
        ("temperature 0.5", "p² / sum", new() { Temperature = 0.5 }),
        ("temperature 2", "√p / sum", new() { Temperature = 2 }),
        ("top-k 3", "the first three", new() { TopK = 3 }),
        ("top-p 0.8", "the fewest with 80%", new() { TopP = 0.8 }),
        ("penalty 1.5", "doctor stands there", new() { RepetitionPenalty = 1.5 }),
    ];

    public static string Draw()
    {
        var svg = new SvgWriter((int)(Left + s_panels.Length * Panel), (int)(Top + s_words.Length * Row + 10));
        for (int word = 0; word < s_words.Length; word++) svg.Text(Left - 8, Top + word * Row + 13, s_words[word].Word, "label", "end");
        var said = new List<string>();
        foreach (var (panel, (name, meaning, options)) in s_panels.Index())
        {
            double x = Left + panel * Panel;
            double[] probabilities = Distribution(options);
            svg.Text(x, Top - 24, name, "heading").Text(x, Top - 9, meaning, "small");
            for (int word = 0; word < s_words.Length; word++)
            {
                double y = Top + word * Row, length = probabilities[word] * Longest / 0.55;
                svg.Rectangle(x, y, Math.Max(length, 1), Row - 5, panel == 0 ? "f7" : "f0", probabilities[word] > 0 ? 1 : 0.25);
                svg.Text(x + Math.Max(length, 1) + 4, y + 12, FormattableString.Invariant($"{100 * probabilities[word]:0}"), "small");
            }
            said.Add($"{name}: {string.Join(", ", s_words.Zip(probabilities, (word, probability) => FormattableString.Invariant($"{word.Word} {100 * probability:0}%")))}");
        }
        return svg.ToSvg("sampling", "What sampling makes of one distribution", $"Bars of the probabilities, in per cent, of the words after 'the doctor sent the'. {string.Join("; ", said)}.");
    }

    private static double[] Distribution(GenerationOptions options)
    {
        double[] probabilities = new double[s_words.Length];
        new TokenSampler(s_words.Length).Distribution(options, [.. s_words.Select(word => (float)Math.Log(word.Probability))], [s_words.Length - 1], probabilities);
        return probabilities;
    }
}
