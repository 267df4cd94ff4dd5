using MlAttention.Datasets;

namespace MlAttention.Tests.Datasets;

public class StableRandomTests
{
    [Fact]
    public void NextBits_SeedZero_IsTheReferenceSequence()
    {
        // SplitMix64 of 0 gives e220a8397b1dcdaf, 6e789e6aa1b965f4, ...; the first output is rotl(s1 * 5, 7) * 9.
        ulong second = 0x6e789e6aa1b965f4;
        Assert.Equal(unchecked(ulong.RotateLeft(second * 5, 7) * 9), new StableRandom(0).NextBits());
    }

    [Fact]
    public void Next_ManyDraws_FillsTheRangeEvenly()
    {
        var random = new StableRandom(7);
        int[] counts = new int[5];
        for (int i = 0; i < 50_000; i++) counts[random.Next(5)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Shuffle_AnySeed_KeepsTheItems()
    {
        int[] items = [.. Enumerable.Range(0, 31)];
        new StableRandom(3).Shuffle(items.AsSpan());
        Assert.NotEqual(Enumerable.Range(0, 31), items);
        Assert.Equal(Enumerable.Range(0, 31), items.Order());
    }

    [Fact]
    public void Combine_DifferentPurposes_GiveDifferentSeeds()
    {
        Assert.NotEqual(StableRandom.Combine(1, "split"), StableRandom.Combine(1, "shuffle"));
        Assert.Equal(StableRandom.Combine(1, "split"), StableRandom.Combine(1, "split"));
    }
}
