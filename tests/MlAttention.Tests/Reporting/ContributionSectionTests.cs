using System.Xml.Linq;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Explorer;

namespace MlAttention.Tests.Reporting;

public class ContributionSectionTests
{
    private static readonly AttentionPattern s_pattern = new(PositionScheme.Sinusoidal, ["not", "<b>bad</b>", "film"], [])
    {
        Probabilities = [0.25, 0.75],
        Contributions = new(1, [0.5, -2, 0], [1.5, 0.25, -0.125], 1.0986, 2.5986, 0.3333),
    };

    [Fact]
    public void Write_Text_HasEachNumberWithItsSignAndKind()
    {
        string section = ContributionSection.Write([new ExploredPattern("The text", s_pattern, ["good", "b<a>d"])]);
        var lists = XElement.Parse(section).Elements("ol").ToArray();

        Assert.Equal(["Integrated gradients, The text", "Leave one out, The text"], lists.Select(list => list.Attribute("aria-label")!.Value));
        Assert.Equal(["not+0.50", "<b>bad</b>-2.00", "film0.00"], lists[0].Elements("li").Select(token => token.Value));
        Assert.Equal([null, "against", "neither"], lists[0].Elements("li").Select(token => token.Attribute("class")?.Value));
        Assert.Equal(["--share: 0.25", "--share: 1", null], lists[0].Elements("li").Select(token => token.Attribute("style")?.Value));
        Assert.Equal([null, null, "against"], lists[1].Elements("li").Select(token => token.Attribute("class")?.Value));
        Assert.Contains("The text: b&lt;a&gt;d, probability 0.7500", section, StringComparison.Ordinal);
        Assert.Contains("integrated gradients add up to -1.50. Agreement of the two methods (Kendall&#39;s tau-b): 0.33.".Replace("&#39;", "'", StringComparison.Ordinal), System.Net.WebUtility.HtmlDecode(section), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TwoTexts_ColoursBothOnOneScale()
    {
        var weak = s_pattern with { Contributions = new(1, [0.2, -0.1, 0], [0.05, 0, 0.004], 0, 0, null) };
        string[] shares = [.. System.Text.RegularExpressions.Regex.Matches(ContributionSection.Write([new("strong", s_pattern, ["a", "b"]), new("weak", weak, ["a", "b"])]), "--share: ([0-9.]+)").Select(match => match.Groups[1].Value)];

        Assert.Equal(["0.25", "1", "0.75", "0.12", "0.06", "0.1", "0.05", "0.02"], shares);
    }

    [Fact]
    public void Write_NothingExplained_IsNothing()
    {
        Assert.Equal("", ContributionSection.Write([new ExploredPattern("old", s_pattern with { Contributions = null }, ["good", "bad"])]));
        Assert.Equal("", ContributionSection.Write(ReportExporterTests.WithStudies(MlAttention.Tests.Ablation.FakeAblation.Report(MlAttention.Tests.Ablation.FakeAblation.Plan)) with { AttentionStudy = null }));
    }

    [Fact]
    public void Write_AllContributionsZero_HasNoShares()
    {
        var zero = s_pattern with { Contributions = new(0, [0, 0, 0], [0, 0, 0], 0, 0, null) };
        string section = ContributionSection.Write([new ExploredPattern("x", zero, ["a", "b"])]);

        Assert.DoesNotContain("--share: ", section, StringComparison.Ordinal);
        Assert.Contains("tau-b): –", section, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_LongText_ShowsTheLargestAndSaysSo()
    {
        double[] numbers = [.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? i / 10.0 : -i / 10.0)];
        var table = ContributionTables.Tokens([.. Enumerable.Range(0, 50).Select(i => $"w{i}")], new(0, numbers, numbers, 0, 0, 1), "good");

        Assert.Equal("What speaks for good, in nats of its log-odds; the 40 largest of 50 tokens", table.Title);
        Assert.Equal(Enumerable.Range(10, 40).Select(i => $"w{i}"), table.Rows.Select(row => row[0]));
        Assert.Equal(["w49", "------------", "-4.90", "-4.90"], table.Rows[^1]);
    }

    [Fact]
    public void Agreement_StudyWithoutKnownWords_LeavesTheirColumnsOut()
    {
        var study = new ContributionStudy([new(PositionScheme.None, 120, 0.8125, 0, 0, 0, null), new(PositionScheme.Rotary, 120, null, 0, 0, 0, null)]);

        Assert.Equal(["positions", "texts", "Kendall's tau-b, mean"], ContributionTables.Agreement(study).Columns);
        Assert.Equal(["rotary", "120", "–"], ContributionTables.Agreement(study).Rows[1]);
        Assert.Equal(["none", "120", "0.81", "60", "50.0%", "25.0%", "25.0%"], ContributionTables.Agreement(new([new(PositionScheme.None, 120, 0.8125, 60, 30, 15, 0.25)])).Rows[0]);
        Assert.Empty(ContributionTables.Agreement(null).Rows);
    }
}
