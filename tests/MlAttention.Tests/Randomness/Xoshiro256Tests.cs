using MlAttention.Core.Randomness;

namespace MlAttention.Tests.Randomness;

public class Xoshiro256Tests
{
    [Fact]
    public void SplitMix64_SeedZero_GivesThePublishedSequence()
    {
        var state = 0UL;

        Assert.Equal(0xE220A8397B1DCDAFUL, SplitMix64.Next(ref state));
        Assert.Equal(0x6E789E6AA1B965F4UL, SplitMix64.Next(ref state));
        Assert.Equal(0x06C45D188009454FUL, SplitMix64.Next(ref state));
    }

    [Fact]
    public void Seed_PurposeAndIndex_GiveUnrelatedStreams()
    {
        var seeds = new[] { SplitMix64.Seed(1, "a"), SplitMix64.Seed(2, "a"), SplitMix64.Seed(1, "b"), SplitMix64.Seed(1, "a", 1) };

        Assert.Equal(4, seeds.Distinct().Count());
        Assert.Equal(seeds[0], SplitMix64.Seed(1, "a"));
    }

    [Fact]
    public void NextInt_ManyDraws_AreUniform()
    {
        var random = new Xoshiro256(3);
        var counts = new int[7];

        for (var i = 0; i < 70_000; i++) counts[random.NextInt(7)]++;

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void NextNormal_ManyDraws_HaveUnitVariance()
    {
        var random = new Xoshiro256(4);
        var draws = Enumerable.Range(0, 50_000).Select(_ => random.NextNormal()).ToArray();

        Assert.Equal(0, draws.Average(), 0.02);
        Assert.Equal(1, draws.Average(x => x * x), 0.03);
    }

    [Fact]
    public void Shuffle_Items_KeepsEachOnce()
    {
        var items = Enumerable.Range(0, 101).ToArray();

        new Xoshiro256(5).Shuffle(items.AsSpan());

        Assert.NotEqual(Enumerable.Range(0, 101), items);
        Assert.Equal(Enumerable.Range(0, 101), items.Order());
    }
}
