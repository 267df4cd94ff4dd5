using System.Runtime.CompilerServices;
using MlAttention.Randomness;

namespace MlAttention.Engines.Managed.Lanes;

/// <summary>
/// One xoshiro128++ generator a lane (Blackman and Vigna 2021). A stream is a function of its key alone, so a backward pass
/// makes the masks of its forward pass again instead of storing them.
/// </summary>
internal unsafe struct RandomLanes<T> where T : struct, ILanes<T>
{
    private const int MostLanes = 16;
    private T _s0, _s1, _s2, _s3;

    /// <summary>Starts the stream of a key.</summary>
    public RandomLanes(ulong key)
    {
        ulong* seeds = stackalloc ulong[2 * MostLanes];
        for (int i = 0; i < 2 * T.Count; i++) seeds[i] = SplitMix64.Next(ref key);
        float* words = (float*)seeds;
        _s0 = T.Load(words);
        _s1 = T.Load(words + T.Count);
        _s2 = T.Load(words + 2 * T.Count);
        _s3 = T.Load(words + 3 * T.Count);
    }

    /// <summary>32 random bits a lane: enough for two decisions of <see cref="IsDropped"/>, the second on the bits shifted left by 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Next()
    {
        T result = T.AddIntegers(T.RotateLeft(T.AddIntegers(_s0, _s3), 7), _s0);
        T shifted = T.ShiftLeft(_s1, 9);
        _s2 = T.Xor(_s2, _s0);
        _s3 = T.Xor(_s3, _s1);
        _s1 = T.Xor(_s1, _s2);
        _s0 = T.Xor(_s0, _s3);
        _s2 = T.Xor(_s2, shifted);
        _s3 = T.RotateLeft(_s3, 11);
        return result;
    }

    /// <summary>All bits set in each lane that dropout drops, by its upper 16 bits.</summary>
    /// <param name="bits">From <see cref="Next"/>.</param>
    /// <param name="threshold">From <see cref="Threshold"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T IsDropped(T bits, T threshold) => T.LessThanIntegers(bits, threshold);

    /// <summary>The signed integer below which a share <paramref name="probability"/> of all integers lies.</summary>
    public static T Threshold(float probability) => T.CreateBits((uint)(int)((double)probability * 4294967296.0 + int.MinValue));
}
