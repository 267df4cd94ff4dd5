using MlAttention.Ablation;
using MlAttention.Ablation.Statistics;
using MlAttention.Positions;
using MlAttention.Reporting;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Reporting;

public class VerdictWriterTests
{
    private static readonly OrderingAblationReport s_report = FakeAblation.Report(FakeAblation.Plan with { Seeds = [1, 2, 3, 4, 5, 6, 7, 8] });

    [Fact]
    public void Write_CollapseToChance_SaysSoWithFigures()
    {
        string headline = VerdictWriter.Write(s_report).Headline;
        Assert.StartsWith("On fake.csv, accuracy collapses to chance without position information:", headline, StringComparison.Ordinal);
        Assert.Contains("33.3% without (chance 33.3%)", headline, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ComparisonOutcome.Undecided, "No detectable effect of position information on fake.csv; equality is not shown either")]
    [InlineData(ComparisonOutcome.Equivalent, "No detectable effect of position information on fake.csv, and equality within 1 point(s) is shown")]
    [InlineData(ComparisonOutcome.SecondBetter, "On fake.csv, the model is better without position information")]
    public void Write_OtherOutcomes_AreSaidAsReadily(ComparisonOutcome outcome, string start)
    {
        var report = s_report with { Comparisons = [.. s_report.Comparisons.Select(comparison => comparison with { Outcome = outcome })] };
        Assert.StartsWith(start, VerdictWriter.Write(report).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FewSeeds_ClaimsNoP()
    {
        var verdict = VerdictWriter.Write(FakeAblation.Report(FakeAblation.Plan with { Seeds = [1, 2, 3] }));
        Assert.Contains("no p-value is claimed; it takes 6 or more", verdict.Evidence[0], StringComparison.Ordinal);
        Assert.Contains(verdict.Limits, limit => limit.StartsWith("3 seed(s) are a first look", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_OneSeed_ConcludesNothing() =>
        Assert.StartsWith("One run of each variant", VerdictWriter.Write(FakeAblation.Report(FakeAblation.Plan with { Seeds = [1] })).Headline, StringComparison.Ordinal);

    [Fact]
    public void Write_CausalMask_IsExplained() =>
        Assert.Contains(VerdictWriter.Write(s_report).Evidence, sentence => sentence.StartsWith("A causal mask tells order without any position encoding", StringComparison.Ordinal));

    [Fact]
    public void Write_InvarianceBroken_WarnsLoudly()
    {
        var report = s_report with { Invariance = [new(new(PositionScheme.None), 0.1, 1e-5)] };
        Assert.Contains(VerdictWriter.Write(report).Evidence, sentence => sentence.StartsWith("INVARIANCE VIOLATED", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.12345, "12.3%")]
    [InlineData(1.0, "100.0%")]
    [InlineData(null, "–")]
    public void Percent_Values_AreWrittenPlainly(double? share, string expected) => Assert.Equal(expected, ReportText.Percent(share));

    [Fact]
    public void Points_Interval_HasBothEnds() => Assert.Equal("[-1.5, 2.0]", ReportText.Points(new ConfidenceInterval(-0.015, 0.02, 0.95)));

    [Theory]
    [InlineData(0.00001, "< 0.0001")]
    [InlineData(0.0039, "0.0039")]
    [InlineData(0.0439, "0.044")]
    public void P_Values_KeepTheDigitsThatMatter(double p, string expected) => Assert.Equal(expected, ReportText.P(p));
}
