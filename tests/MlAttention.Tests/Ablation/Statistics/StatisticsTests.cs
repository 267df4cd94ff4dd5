using MlAttention.Ablation.Statistics;

namespace MlAttention.Tests.Ablation.Statistics;

/// <summary>Against values worked out by hand.</summary>
public class StatisticsTests
{
    [Fact]
    public void SignFlip_AllPositive_IsTheSmallestP()
    {
        Assert.Equal(2.0 / 1024, SignFlipTest.TwoSidedP([.1, .2, .3, .1, .2, .3, .1, .2, .3, .4]), 12);
        Assert.Equal(0.25, SignFlipTest.TwoSidedP([1, 2, 3]), 12);
    }

    [Fact]
    public void SignFlip_AllZero_IsOne() => Assert.Equal(1, SignFlipTest.TwoSidedP([0, 0, 0, 0]), 12);

    [Fact]
    public void SignFlip_TooManyPairs_SaysSo() => Assert.Throws<ArgumentException>(() => SignFlipTest.TwoSidedP(new double[25]));

    [Fact]
    public void Equivalence_TightDifferences_AreEquivalentOnlyWithinTheMargin()
    {
        // mean .001, sd .001, n 4: t against -.01 is .011 / .0005 = 22, against +.01 it is .009 / .0005 = 18; df 3.
        double spread = 0.001 * Math.Sqrt(3) / 2;
        double[] differences = [.001 - spread, .001 + spread, .001 - spread, .001 + spread];
        Assert.Equal(.001, Sample.StandardDeviation(differences), 12);
        Assert.InRange(EquivalenceTest.P(differences, .01)!.Value, 1e-4, 5e-4); // t = 18, df 3: 0.00019
        Assert.Equal(0.5, EquivalenceTest.P(differences, .001)!.Value, 9);
        Assert.Null(EquivalenceTest.P([.001], .01));
    }

    [Fact]
    public void Equivalence_IdenticalRuns_AreEquivalent() => Assert.Equal(0, EquivalenceTest.P([0, 0, 0], .01));

    [Fact]
    public void TInterval_OneRun_IsNotClaimed() => Assert.Null(PairedTTest.Interval([.5], .95));

    [Fact]
    public void TInterval_TwoRuns_IsTheHandValue()
    {
        // mean 2, sd sqrt(2), standard error 1, t(.975, 1) = 12.7062
        var interval = PairedTTest.Interval([1, 3], .95)!;
        Assert.Equal(2 - 12.706204736, interval.Lower, 6);
        Assert.Equal(2 + 12.706204736, interval.Upper, 6);
    }

    [Fact]
    public void TwoSidedP_EqualNonZeroDifferences_IsZero() => Assert.Equal(0, PairedTTest.TwoSidedP([.3, .3, .3]));

    [Fact]
    public void Bca_SymmetricSample_IsNearThePercentileInterval()
    {
        double[] values = [.. Enumerable.Range(-10, 21).Select(value => (double)value)];
        var interval = BcaBootstrap.Interval(values, .95, 20_000, 1)!;
        double standardError = Math.Sqrt(values.Sum(value => value * value)) / 21; // of a resampled mean
        Assert.InRange(interval.Upper, 1.9 * standardError, 2.02 * standardError);
        Assert.InRange(-interval.Lower, 1.9 * standardError, 2.02 * standardError);
    }

    [Fact]
    public void Bca_SkewedSample_GivesTheReferenceInterval()
    {
        // Reference: the formulas of Efron and Tibshirani (1993, 14.9 to 14.15) in NumPy with a million samples. The percentile interval is [0.7, 7.3].
        double[] values = [0, 0, 0, 1, 1, 1, 2, 2, 3, 20];
        var interval = BcaBootstrap.Interval(values, .95, 50_000, 1)!;
        Assert.Equal(0.9, interval.Lower, 0.11);
        Assert.Equal(10.3, interval.Upper, 0.25);
    }

    [Fact]
    public void Bca_SameSeed_IsTheSame() =>
        Assert.Equal(BcaBootstrap.Interval([1, 2, 4, 8], .9, 500, 3), BcaBootstrap.Interval([1, 2, 4, 8], .9, 500, 3));

    [Fact]
    public void Bca_EqualValues_IsThePoint() => Assert.Equal(new(2, 2, .95), BcaBootstrap.Interval([2, 2, 2], .95, 100, 1));

    [Fact]
    public void ProbabilityOfSuperiority_Tie_CountsHalf() => Assert.Equal(0.625, EffectSize.ProbabilityOfSuperiority([1, 2, 0, -1]));

    [Fact]
    public void ConfusionCounts_HandCase_GivesHandMetrics()
    {
        // labels 0 0 0 1 1 2, predictions 0 0 1 1 1 0
        var counts = ConfusionCounts.Of([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 0], 3);
        Assert.Equal(4 / 6.0, counts.Accuracy, 12);
        Assert.Equal(4 / 6.0, counts.F1(0), 12);
        Assert.Equal(4 / 5.0, counts.F1(1), 12);
        Assert.Equal(0, counts.F1(2), 12);
        Assert.Equal((4 / 6.0 + 4 / 5.0) / 3, counts.MacroF1, 12);
        Assert.Equal(2 / 3.0, counts.Recall(0), 12);
        Assert.Equal(2 / 3.0, counts.Precision(1), 12);
        // (6*4 - (3*3 + 2*3 + 1*0)) / sqrt((36 - 18)(36 - 14))
        Assert.Equal(9 / Math.Sqrt(18 * 22), counts.MatthewsCorrelation, 12);
    }

    [Fact]
    public void PairedBootstrap_PerfectAgainstConstant_HasTheItemsSpread()
    {
        int[] labels = [.. Enumerable.Range(0, 400).Select(item => item % 2)];
        var bootstrap = new PairedBootstrap(labels, groups: null, classes: 2);
        var interval = bootstrap.Intervals([[labels]], [[new int[400]]], .95, 2_000, 1).Accuracy;
        Assert.InRange(interval.Lower, .44, .46); // .5 ± 1.96 sqrt(.25 / 400) = .5 ± .049
        Assert.InRange(interval.Upper, .54, .56);
    }

    [Fact]
    public void PairedBootstrap_WholeGroups_AreDrawnTogether()
    {
        // Each group holds one item of each class, so a constant answer is right for exactly half of every sample.
        int[] labels = [.. Enumerable.Range(0, 100).Select(item => item % 2)];
        int[] groups = [.. Enumerable.Range(0, 100).Select(item => item / 2)];
        var interval = new PairedBootstrap(labels, groups, 2).Intervals([[labels]], [[new int[100]]], .95, 200, 1).Accuracy;
        Assert.Equal(.5, interval.Lower, 12);
        Assert.Equal(.5, interval.Upper, 12);
    }

    [Fact]
    public void PairedBootstrap_SeedsThatDiffer_WidenTheInterval()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(item => item % 2)];
        int[] wrong = [.. labels.Select(label => 1 - label)];
        var bootstrap = new PairedBootstrap(labels, null, 2);
        var interval = bootstrap.Intervals([[labels], [labels], [wrong], [wrong]], [[wrong], [wrong], [wrong], [wrong]], .95, 1_000, 1).Accuracy;
        Assert.True(interval.Upper - interval.Lower > .5);
    }

    [Fact]
    public void PairedBootstrap_ShufflesOfASeed_AreAllDrawn()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(item => item % 2)];
        int[] wrong = [.. labels.Select(label => 1 - label)];
        var interval = new PairedBootstrap(labels, null, 2).Intervals([[labels]], [[labels, wrong]], .95, 1_000, 1).Accuracy;
        Assert.Equal(0, interval.Lower, 12); // the first shuffle is all right,
        Assert.Equal(1, interval.Upper, 12); // the second all wrong
    }
}
