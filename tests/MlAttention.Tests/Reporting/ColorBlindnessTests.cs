using System.Globalization;
using System.Text.RegularExpressions;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Reporting;

/// <summary>
/// Schemes as people with protanopia, deuteranopia and tritanopia see them: Machado, Oliveira and Fernandes 2009, "A physiologically-based model for
/// simulation of color vision deficiency", severity 1.0, on linear RGB; distances are CIE76 in CIELAB, white D65.
/// </summary>
public class ColorBlindnessTests
{
    private const int Series = SeriesStyle.Count;
    private const double LeastDistance = 10; // about four times what is just noticed

    private static readonly Dictionary<string, double[]> s_visions = new()
    {
        ["usual"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["protanopia"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["deuteranopia"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["tritanopia"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    /// <summary>The page's style has the colours three times: light, dark, paper.</summary>
    public static TheoryData<string, int> VisionsAndGrounds
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string vision in s_visions.Keys)
                for (int ground = 0; ground < 3; ground++) data.Add(vision, ground);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(VisionsAndGrounds))]
    public void Series_AnyTwo_DifferByMarkerAndByDashOrColor(string vision, int ground)
    {
        double[][] colors = [.. Regex.Matches(HtmlStyle.Css, "--(ink|c[0-7]): #([0-9a-f]{6})").Skip(ground * Series).Take(Series).OrderBy(match => match.Groups[1].Value, StringComparer.Ordinal).Select(match => Lab(Seen(match.Groups[2].Value, s_visions[vision])))];
        string[] dashes = [.. Enumerable.Range(0, Series).Select(series => Regex.Match(HtmlStyle.Css, $@"\.s{series} \{{[^}}]*stroke-dasharray: ([0-9 ]+);").Groups[1].Value)];
        string[] markers = [.. Enumerable.Range(0, Series).Select(series => Regex.Replace(SvgWriter.Glyph(series), "class=\"[a-z0-9]+\"", ""))];

        Assert.Equal(Series, markers.Distinct().Count());
        for (int one = 0; one < Series; one++)
            for (int other = one + 1; other < Series; other++)
                Assert.True(dashes[one] != dashes[other] || Distance(colors[one], colors[other]) >= LeastDistance,
                    FormattableString.Invariant($"Lines {one} and {other} look alike with {vision} vision: distance {Distance(colors[one], colors[other]):0.0}, dashes \"{dashes[one]}\"."));
    }

    [Fact]
    public void Scheme_AnyTwo_HaveSeriesOfTheirOwn()
    {
        var positions = Enum.GetValues<PositionScheme>();
        Assert.Equal(positions.Length + 1, positions.Select(SeriesStyle.Of).Append(Scheme.WithoutAttention.Series).Distinct().Count());
    }

    [Fact]
    public void Distance_KnownColors_IsTheirs()
    {
        // sRGB red in CIELAB is (53.24, 80.09, 67.20), of a deuteranope's red and green the distance shrinks.
        double[] red = Lab(Seen("ff0000", s_visions["usual"]));
        Assert.Equal([53.24, 80.09, 67.20], red.Select(value => Math.Round(value, 2)));
        double usual = Distance(red, Lab(Seen("8a8a00", s_visions["usual"]))), deuteranope = Distance(Lab(Seen("ff0000", s_visions["deuteranopia"])), Lab(Seen("8a8a00", s_visions["deuteranopia"])));
        Assert.True(deuteranope < usual / 3, FormattableString.Invariant($"{deuteranope} of {usual}"));
    }

    private static double[] Seen(string hex, double[] vision)
    {
        double[] linear = [.. Enumerable.Range(0, 3).Select(channel => Linear(int.Parse(hex.AsSpan(2 * channel, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0))];
        return [.. Enumerable.Range(0, 3).Select(row => Math.Clamp(vision[3 * row] * linear[0] + vision[3 * row + 1] * linear[1] + vision[3 * row + 2] * linear[2], 0, 1))];
    }

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static double[] Lab(double[] rgb)
    {
        double x = F((0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047), y = F(0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2]), z = F((0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883);
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
    }

    private static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : (24389.0 / 27 * t + 16) / 116;

    private static double Distance(double[] one, double[] other) => Math.Sqrt(one.Zip(other, (a, b) => (a - b) * (a - b)).Sum());
}
