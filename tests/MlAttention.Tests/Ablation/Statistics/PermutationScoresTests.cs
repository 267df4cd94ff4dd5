using MlAttention.Ablation.Statistics;

namespace MlAttention.Tests.Ablation.Statistics;

public class PermutationScoresTests
{
    // Five texts of three classes, four permutations each: a = 1, 1/2, 0, 1/4, 0; the first three are right in order.
    private static readonly PermutationScores s_scores = new([true, true, true, false, false], [4, 2, 0, 1, 0], [4, 2, 0, 3, 4], permutations: 4);

    [Fact]
    public void Omegas_HandSolved()
    {
        Assert.Equal(3 / 5.0, s_scores.Accuracy, 12);
        Assert.Equal(3 / 5.0, s_scores.OmegaMax, 12);             // the first, second and fourth have a right permutation
        Assert.Equal(2 / 5.0, s_scores.OmegaRandom(classes: 3), 12); // more than 1/3: the first and second
        Assert.Equal(1 / 5.0, s_scores.OmegaRandom(classes: 2), 12); // more than 1/2, and the second has just that
    }

    [Fact]
    public void Means_BothForms_HandSolved()
    {
        Assert.Equal((1 + 0.5 + 0) / 3, s_scores.MeanOfRight(onlyAnyRight: false)!.Value, 12);
        Assert.Equal((1 + 0.5) / 2, s_scores.MeanOfRight(onlyAnyRight: true)!.Value, 12);
        Assert.Equal((0.25 + 0) / 2, s_scores.MeanOfWrong(onlyAnyRight: false)!.Value, 12);
        Assert.Equal(0.25, s_scores.MeanOfWrong(onlyAnyRight: true)!.Value, 12);
        Assert.Null(new PermutationScores([true], [1], [1], 1).MeanOfWrong(onlyAnyRight: false));
    }

    [Fact]
    public void Agreement_HandSolved() => Assert.Equal((1 + 0.5 + 0 + 0.75 + 1) / 5, s_scores.Agreement, 12);

    [Fact]
    public void GuessersOmegaMax_HandSolved()
    {
        Assert.Equal(1 - 8 / 27.0, PermutationScores.GuessersOmegaMax(classes: 3, permutations: 3), 12);
        Assert.Equal(0.5, PermutationScores.GuessersOmegaMax(classes: 2, permutations: 1), 12);
    }

    [Fact]
    public void IsOrderBlind_OneAnswerChanged_IsFalse()
    {
        var blind = new PermutationScores([true, false], [4, 0], [4, 4], 4);
        Assert.True(blind.IsOrderBlind);
        Assert.Equal((0.5, 0.5, 0.5, 1, 0, 1), (blind.Accuracy, blind.OmegaMax, blind.OmegaRandom(3), blind.MeanOfRight(false)!.Value, blind.MeanOfWrong(false)!.Value, blind.Agreement));
        Assert.False(new PermutationScores([true, false], [4, 0], [4, 3], 4).IsOrderBlind);
        Assert.False(new PermutationScores([true, false], [3, 0], [3, 4], 4).IsOrderBlind);
    }

    [Fact]
    public void Sensitivity_HandSolved()
    {
        int[] labels = [0, 0, 1, 2], inOrder = [0, 0, 1, 0]; // the last is wrong in order and does not count
        // Of class 0 three of four shuffled answers stay right, of class 1 one of two: 5/8 on average.
        Assert.Equal((1 - 5 / 8.0) / (2 / 3.0), OrderSensitivity.Of(labels, inOrder, [[0, 0, 1, 2], [0, 2, 0, 2]], classes: 3)!.Value, 12);
        Assert.Equal((100 - 62.5) / 50, OrderSensitivity.Of([0, 0, 1], [0, 0, 1], [[0, 0, 1], [0, 1, 0]], classes: 2)!.Value, 12); // the published form of two classes
        Assert.Null(OrderSensitivity.Of([0], [1], [[0]], classes: 2));
        Assert.Equal(0, OrderSensitivity.Of([0, 1], [0, 1], [[0, 1]], classes: 2));
    }
}

public class OrderDistanceTests
{
    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, 0, 0)]
    [InlineData(new[] { 3, 2, 1, 0 }, 8 / 16.0, 1)]       // |0-3| + |1-2| + |2-1| + |3-0|; no neighbour keeps its next one
    [InlineData(new[] { 2, 3, 0, 1 }, 8 / 16.0, 1 / 3.0)] // far from home, but two of three neighbours stay
    [InlineData(new[] { 1, 0, 3, 2 }, 4 / 16.0, 1)]
    [InlineData(new[] { 0 }, 0, 0)]
    [InlineData(new int[0], 0, 0)]
    public void Distances_HandSolved(int[] order, double global, double local)
    {
        Assert.Equal(global, OrderDistance.Global(order), 12);
        Assert.Equal(local, OrderDistance.Local(order), 12);
    }

    [Fact]
    public void Global_RandomOrders_AreAboutAThird()
    {
        var random = MlAttention.Core.Randomness.Xoshiro256.For(1, "test");
        Assert.Equal(1 / 3.0, Enumerable.Range(0, 400).Average(_ => OrderDistance.Global(MlAttention.Ablation.Orders.WordOrder.Shuffled(40, random))), 0.01);
    }
}
