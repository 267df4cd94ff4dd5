using MlAttention.Core.Explanations;

namespace MlAttention.Tests.Explanations;

public class ExplanationNumbersTests
{
    private static readonly LogOdds s_logOdds = new(TaskKind.SingleLabel);

    [Theory]
    [InlineData(TaskKind.MultiLabel)]
    [InlineData(TaskKind.Regression)]
    public void LogOdds_LabelsByThemselves_AreTheLogit(TaskKind task)
    {
        float[] logits = [0.5f, -1, 2];
        Assert.Equal(2, new LogOdds(task).Of(logits, 2));
        new LogOdds(task).ToGradient(logits, 2);
        Assert.Equal([0, 0, 1], logits);
        Assert.Throws<NotSupportedException>(() => new LogOdds(TaskKind.TokenLabels));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(1000)]
    public void GaussLegendre_Polynomials_AreIntegratedWithoutError(int count)
    {
        var (nodes, weights) = GaussLegendre.Of(count);

        Assert.Equal(nodes.Order(), nodes);
        for (int degree = 0; degree < 2 * count; degree = 2 * degree + 1)
            Assert.Equal(1.0 / (degree + 1), nodes.Zip(weights, (node, weight) => weight * Math.Pow(node, degree)).Sum(), 1e-12);
    }

    [Fact]
    public void GaussLegendre_TwoNodes_AreThoseOfTheTextbook()
    {
        var (nodes, weights) = GaussLegendre.Of(2);
        Assert.Equal((1 - 1 / Math.Sqrt(3)) / 2, nodes[0], 1e-15);
        Assert.Equal([0.5, 0.5], weights, (left, right) => Math.Abs(left - right) < 1e-15);
    }

    /// <summary>The example of scipy.stats.kendalltau's documentation, which has ties: -0.4714045207910316.</summary>
    [Fact]
    public void KendallTau_Ties_IsThatOfScipy() =>
        Assert.Equal(-0.4714045207910316, RankCorrelation.KendallTau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])!.Value, 1e-14);

    [Fact]
    public void KendallTau_Extremes_AreOneMinusOneAndNothing()
    {
        Assert.Equal(1, RankCorrelation.KendallTau([1, 2, 3], [10, 20, 30]));
        Assert.Equal(-1, RankCorrelation.KendallTau([1, 2, 3], [3, 2, 1]));
        Assert.Null(RankCorrelation.KendallTau([1, 1, 1], [3, 2, 1]));
        Assert.Null(RankCorrelation.KendallTau([1], [3]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.KendallTau([1, 2], [3]));
    }

    [Fact]
    public void LogOdds_OfLogits_AreThoseOfTheSoftmax()
    {
        float[] logits = [1.5f, -0.25f, 90, 89.5f];
        for (int target = 0; target < logits.Length; target++)
        {
            double sum = logits.Sum(logit => Math.Exp(logit)), others = logits.Where((_, c) => c != target).Sum(logit => Math.Exp(logit));
            Assert.Equal(Math.Log(Math.Exp(logits[target]) / sum / (others / sum)), s_logOdds.Of(logits, target), 1e-9);
        }
        Assert.Equal(500, s_logOdds.Of([0, -500], 0));
    }

    [Fact]
    public void LogOddsToGradient_OfLogits_IsTheirSlope()
    {
        float[] logits = [0.5f, -1, 2];
        for (int target = 0; target < 3; target++)
        {
            float[] gradient = [.. logits];
            s_logOdds.ToGradient(gradient, target);
            for (int c = 0; c < 3; c++)
            {
                float[] above = [.. logits], below = [.. logits];
                above[c] += 0.01f;
                below[c] -= 0.01f;
                Assert.Equal((s_logOdds.Of(above, target) - s_logOdds.Of(below, target)) / 0.02, gradient[c], 1e-4);
            }
        }
    }
}
