using MlAttention.Tests.Encoders;

namespace MlAttention.Tests.Detection;

public sealed class HungarianMatchingTests
{
    [Fact]
    public void Match_HandSolved_TakesTheCheapestSumAndNotTheCheapestPair()
    {
        // The cheapest pair, query 0 with object 0, would leave object 1 a cost of 9.
        Assert.Equal([1, 0], HungarianMatching.Match(new double[,] { { 1, 2 }, { 3, 9 }, { 8, 8 } }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // few different numbers: many ties
    public void Match_RandomCosts_AreOptimal(bool whole)
    {
        var random = new Random(1);
        for (var trial = 0; trial < 2000; trial++)
        {
            var objects = random.Next(1, 6);
            var queries = objects + random.Next(0, 3);
            var costs = new double[queries, objects];
            for (var q = 0; q < queries; q++)
                for (var o = 0; o < objects; o++) costs[q, o] = whole ? random.Next(-2, 3) : 10 * random.NextDouble() - 5;

            var matched = HungarianMatching.Match(costs);

            Assert.Equal(objects, matched.Distinct().Count());
            Assert.Equal(Cheapest(costs, 0, 0), matched.Select((query, o) => costs[query, o]).Sum(), 1e-9);
        }
    }

    [Fact]
    public void Match_LargeNumbersBesideSmallOnes_AreOptimal()
    {
        double[,] costs = { { 1e12, -1e12 }, { -1e12, 1e12 }, { 0, 0 } };
        Assert.Equal([1, 0], HungarianMatching.Match(costs));
    }

    [Fact]
    public void Match_AllEqual_GivesEachObjectAQueryOfItsOwn() => Assert.Equal([0, 1, 2], HungarianMatching.Match(new double[4, 3]).Order());

    [Fact]
    public void Match_NoObjects_MatchesNothing() => Assert.Empty(HungarianMatching.Match(new double[3, 0]));

    [Fact]
    public void Match_MoreObjectsThanQueries_SaysWhatToUse() =>
        Assert.StartsWith("costs has 3 objects for 2 queries: each object needs a query of its own.", LayerChecks.Error(() => HungarianMatching.Match(new double[2, 3])), StringComparison.Ordinal);

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(1e301, "1E+301")]
    public void Match_CostThatIsNoNumber_NamesItsPlace(double cost, string name) =>
        Assert.StartsWith($"costs[1,0] is {name}; a cost must be a number from -1e300 to 1e300.", LayerChecks.Error(() => HungarianMatching.Match(new[,] { { 1, 2 }, { cost, 4 } })), StringComparison.Ordinal);

    /// <summary>The lowest sum over all ways to give objects from one on to queries that are not taken.</summary>
    private static double Cheapest(double[,] costs, int o, int taken)
    {
        if (o == costs.GetLength(1)) return 0;
        var lowest = double.PositiveInfinity;
        for (var q = 0; q < costs.GetLength(0); q++)
            if ((taken & 1 << q) == 0) lowest = Math.Min(lowest, costs[q, o] + Cheapest(costs, o + 1, taken | 1 << q));
        return lowest;
    }
}
