using MlAttention.Ablation.Report;
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

    [Fact]
    public void Write_LittleAboveChance_IsNoCollapse()
    {
        var report = s_report with { Variants = [.. s_report.Variants.Select(result => result.Variant == new AblationVariant(PositionScheme.Sinusoidal) ? result with { MeanAccuracy = s_report.Data.Chance + 0.1 } : result)] };
        Assert.StartsWith("On fake.csv, removing position information costs", VerdictWriter.Write(report).Headline, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ComparisonOutcome.Undecided, "No detectable effect of position information on fake.csv; equality is not shown either")]
    [InlineData(ComparisonOutcome.Equivalent, "No detectable effect of position information on fake.csv, and equality within 1 point is shown")]
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
        Assert.Contains(verdict.Limits, limit => limit.StartsWith("With 3 seeds this is a first look", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_OneSeed_ConcludesNothing() =>
        Assert.StartsWith("One run of each variant", VerdictWriter.Write(FakeAblation.Report(FakeAblation.Plan with { Seeds = [1] })).Headline, StringComparison.Ordinal);

    [Fact]
    public void Write_CausalMask_IsExplained() =>
        Assert.Contains(VerdictWriter.Write(s_report).Evidence, sentence => sentence.StartsWith("A causal mask tells order without any position encoding", StringComparison.Ordinal));

    [Fact]
    public void Write_CausalMaskThatCosts_SaysHowMuch()
    {
        string sentence = MaskSentence(ComparisonOutcome.SecondBetter, difference: -0.022);
        Assert.StartsWith("Without positions, a causal mask costs 2.2 points here", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("no use of it", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ComparisonOutcome.Undecided, "no effect of a causal mask was detected")]
    [InlineData(ComparisonOutcome.Equivalent, "makes no difference within the margin")]
    public void Write_CausalMaskWithoutEffect_SaysSo(ComparisonOutcome outcome, string expected) =>
        Assert.Contains(expected, MaskSentence(outcome, difference: 0), StringComparison.Ordinal);

    [Fact]
    public void Write_Undecided_NamesWhatIsNotRuledOut()
    {
        var report = s_report with { Comparisons = [.. s_report.Comparisons.Select(comparison => comparison with { Outcome = ComparisonOutcome.Undecided })] };
        Assert.Contains("is not ruled out", VerdictWriter.Write(report).Evidence[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.02, 0.0, 0.05, "What would decide it: mlattention ablate fake.csv --seeds 16.")]
    [InlineData(0.02, -0.1, 0.15, "mlattention ablate fake.csv --seeds 16, with more test texts than")]
    [InlineData(0.0005, -0.1, 0.15, "What would decide it: more test texts than")]
    public void Write_Undecided_NamesWhatWouldDecideIt(double deviation, double lower, double upper, string expected)
    {
        double[] differences = [.. Enumerable.Range(0, 8).Select(seed => 0.01 + (seed % 2 == 0 ? deviation : -deviation) * Math.Sqrt(7.0 / 8))];
        var report = WithMain(comparison => comparison with
        {
            Outcome = ComparisonOutcome.Undecided, Differences = differences, MeanDifference = 0.005, SeedInterval = new(-0.01, 0.03, 0.95), TwoLevelIntervals = Intervals(lower, upper),
        });
        Assert.Contains(expected, VerdictWriter.Write(report).Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_UndecidedWithoutWidth_RulesNothingOut()
    {
        var report = WithMain(comparison => comparison with { Outcome = ComparisonOutcome.Undecided, Differences = new double[8], MeanDifference = 0, SeedInterval = new(0, 0, 0.95), TwoLevelIntervals = Intervals(0, 0) });
        Assert.DoesNotContain("ruled out", VerdictWriter.Write(report).Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FewSeeds_SaysWhatBetterRestsOn()
    {
        string encoders = Sentence(FakeAblation.Report(FakeAblation.Plan with { Seeds = [1, 2, 3] }), "Other encoders");
        Assert.Contains("better by the intervals", encoders, StringComparison.Ordinal);
        Assert.DoesNotContain("by the intervals", Sentence(s_report, "Other encoders"), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ImbalancedClasses_LeadsWithMacroF1()
    {
        var data = s_report.Data with { TestTextsByClass = [.. s_report.Data.TestTextsByClass.Select((_, index) => index == 1 ? s_report.Data.TestTexts : 0)] };
        var report = s_report with { Data = data };
        Assert.StartsWith("Macro-F1, which counts all classes alike, is ", VerdictWriter.Write(report).Headline, StringComparison.Ordinal);
        Assert.Contains($"100.0% of the test texts are {data.Classes[1]}; in accuracy: ", VerdictWriter.Write(report).Headline, StringComparison.Ordinal);
        Assert.StartsWith("Without attention, macro-F1:", Sentence(report, "Without attention"), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LinearModelAheadOfAll_SaysToTrainLonger()
    {
        string sentence = Sentence(WithBaselines(words: 0.9, bigrams: 1.01), "Without attention");
        Assert.Contains("A model without attention does better than every variant: bag of words + bigrams 101.0%", sentence, StringComparison.Ordinal);
        Assert.Contains($"raise --epochs (at most {s_report.Plan.Epochs} here)", sentence, StringComparison.Ordinal);
        Assert.Contains("Bigrams add 11.0 points to the bag of words: order matters to a linear model.", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("does better", Sentence(WithBaselines(words: 0.5, bigrams: 0.505), "Without attention"), StringComparison.Ordinal);
        Assert.DoesNotContain("Bigrams add", Sentence(WithBaselines(words: 0.5, bigrams: 0.505), "Without attention"), StringComparison.Ordinal); // below the margin of a point
    }

    [Fact]
    public void Write_MajorityOfTrainingAndOfTestDiffer_ExplainsBoth()
    {
        var report = s_report with { Baselines = [new(BaselineKind.Majority, [new(1, 0.2, 0.1, 0)], 0.2, 0)] };
        Assert.Contains("The majority class is that of the training texts and right for 20.0% of the test texts; chance is the most frequent class of the test texts, 33.3%.", Sentence(report, "Without attention"), StringComparison.Ordinal);
        Assert.DoesNotContain("of the training texts", Sentence(report with { Baselines = [new(BaselineKind.Majority, [new(1, 1 / 3.0, 0.1, 0)], 1 / 3.0, 0)] }, "Without attention"), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DetectedButSmall_SaysSo()
    {
        var report = s_report with { Comparisons = [.. s_report.Comparisons.Select(comparison => comparison with { MeanDifference = 0.004, Outcome = ComparisonOutcome.SecondBetter })] };
        Assert.Contains("by 0.4 points of accuracy (detected, but smaller than the margin of 1 point", VerdictWriter.Write(report).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ClippedShaw_IsComparedInWords()
    {
        var report = FakeAblation.Report(FakeAblation.Plan with { Positions = [PositionScheme.None, PositionScheme.ShawRelative], ClipDistances = [0] });
        Assert.Contains(VerdictWriter.Write(report).Evidence, sentence => sentence.Contains("33.3% with k=0 (worse)", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_OtherEncodersAndShuffling_AreNamed()
    {
        var evidence = VerdictWriter.Write(s_report).Evidence;
        Assert.Contains(evidence, sentence => sentence.StartsWith("Other encoders, against attention without positions: LSTM", StringComparison.Ordinal));
        Assert.Contains(evidence, sentence => sentence.StartsWith("Sinusoidal reaches", StringComparison.Ordinal) && sentence.Contains("shuffled at test", StringComparison.Ordinal));
    }

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

    private static string MaskSentence(ComparisonOutcome outcome, double difference)
    {
        var report = s_report with
        {
            Comparisons = [.. s_report.Comparisons.Select(comparison => comparison.Question == ComparisonQuestion.Mask ? comparison with { Outcome = outcome, MeanDifference = difference } : comparison)],
        };
        return VerdictWriter.Write(report).Evidence.Single(sentence => sentence.Contains("causal mask", StringComparison.Ordinal));
    }

    private static string Sentence(OrderingAblationReport report, string start) => VerdictWriter.Write(report).Evidence.Single(sentence => sentence.StartsWith(start, StringComparison.Ordinal));

    private static OrderingAblationReport WithMain(Func<VariantComparison, VariantComparison> change) =>
        s_report with { Comparisons = [.. s_report.Comparisons.Select(comparison => comparison.Question == ComparisonQuestion.Positions ? change(comparison) : comparison)] };

    private static MetricIntervals Intervals(double lower, double upper) => new(new(lower, upper, 0.95), new(lower, upper, 0.95), new(lower, upper, 0.95));

    private static OrderingAblationReport WithBaselines(double words, double bigrams) => s_report with
    {
        Baselines = [new(BaselineKind.BagOfWords, [new(1, words, words, words)], words, 9), new(BaselineKind.BagOfBigrams, [new(1, bigrams, bigrams, bigrams)], bigrams, 9)],
    };
}
