using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public class BatchPlannerTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 1009).Select(row => 1 + row * 7919 % 61)];

    [Fact]
    public void Epoch_AnyEpoch_HoldsEachRowOnce()
    {
        var batches = new BatchPlanner(Lengths, 7, seed: 3).Epoch(2);

        Assert.Equal(145, batches.Count);
        Assert.Equal(Enumerable.Range(0, 1009), batches.SelectMany(batch => batch).Order());
        Assert.Equal(1, batches.Count(batch => batch.Count == 1009 % 7));
    }

    [Fact]
    public void Epoch_SameSeed_RepeatsTheOrder()
    {
        Assert.Equal(Flat(seed: 3, epoch: 5), Flat(seed: 3, epoch: 5));
        Assert.NotEqual(Flat(seed: 3, epoch: 5), Flat(seed: 3, epoch: 6));
        Assert.NotEqual(Flat(seed: 3, epoch: 5), Flat(seed: 4, epoch: 5));
    }

    [Fact]
    public void Epoch_MixedLengths_NeedsLittlePadding()
    {
        var batches = new BatchPlanner(Lengths, 16, seed: 1).Epoch(0);
        var positions = batches.Sum(batch => batch.Count * batch.Max(row => Lengths[row]));

        Assert.True(1 - (double)Lengths.Sum() / positions < 0.05);
    }

    [Fact]
    public void Epoch_SortedPools_StillShufflesBatches()
    {
        int[] onePool = [.. Lengths.Take(200)];
        var longest = new BatchPlanner(onePool, 16, seed: 1).Epoch(0).Select(batch => batch.Max(row => onePool[row])).ToArray();

        Assert.NotEqual(longest.Order(), longest);
    }

    [Fact]
    public void ByLength_AllRows_AreSorted()
    {
        var lengths = new BatchPlanner(Lengths, 32, seed: 1).ByLength().SelectMany(batch => batch).Select(row => Lengths[row]).ToArray();

        Assert.Equal(Lengths.Order(), lengths);
    }

    private static int[] Flat(int seed, int epoch) => [.. new BatchPlanner(Lengths, 7, seed).Epoch(epoch).SelectMany(batch => batch)];
}
