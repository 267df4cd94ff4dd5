using MlAttention.Engines.Managed.Lanes;
using MlAttention.Randomness;

namespace MlAttention.Engines.Managed;

/// <summary>Dropout of one chunk in one step: the probability and the key from which every mask follows.</summary>
internal readonly struct Dropout
{
    private readonly ulong _key;

    public Dropout(double probability, ulong seed, int chunk)
    {
        IsOn = probability > 0;
        Probability = (float)probability;
        KeepScale = (float)(1 / (1 - probability));
        _key = Mix(seed ^ Mix((ulong)chunk + 1));
    }

    /// <summary>Whether anything is dropped.</summary>
    public bool IsOn { get; }

    /// <summary>The probability p of 0.</summary>
    public float Probability { get; }

    /// <summary>1 / (1 - p): the factor of what is kept.</summary>
    public float KeepScale { get; }

    /// <summary>The random numbers of a place in the network; the backward pass asks for them again.</summary>
    /// <param name="site">One of <see cref="DropoutSite"/>.</param>
    /// <param name="index">The layer or, for attention weights, the sequence in the chunk.</param>
    public RandomLanes<T> Stream<T>(int site, int index) where T : struct, ILanes<T> =>
        IsOn ? new RandomLanes<T>(Mix(_key ^ (((ulong)(uint)site << 32) | (uint)index))) : default;

    private static ulong Mix(ulong state) => SplitMix64.Next(ref state);
}
