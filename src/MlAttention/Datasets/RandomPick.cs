using MlAttention.Randomness;

namespace MlAttention.Datasets;

/// <summary>Choosing one of several.</summary>
internal static class RandomPick
{
    /// <summary>One of the items, each equally likely.</summary>
    public static T Pick<T>(this Xoshiro256 random, IReadOnlyList<T> items) => items[random.NextInt(items.Count)];
}
