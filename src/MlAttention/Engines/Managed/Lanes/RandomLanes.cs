using System.Runtime.CompilerServices;

namespace MlAttention.Engines.Managed.Lanes;

/// <summary>
/// One xoshiro128++ generator a lane (Blackman and Vigna 2021). A stream is a function of its key alone, so a backward pass
/// makes the masks of its forward pass again instead of storing them.
/// </summary>
internal unsafe struct RandomLanes<T> where T : struct, ILanes<T>
{
    private T _s0, _s1, _s2, _s3;

    /// <summary>Starts the stream of a key.</summary>
    public RandomLanes(ulong key)
    {
        uint* seeds = stackalloc uint[4 * 16];
        for (int i = 0; i < 4 * T.Count; i += 2)
        {
            ulong mixed = Mix(ref key);
            seeds[i] = (uint)mixed;
            seeds[i + 1] = (uint)(mixed >> 32);
        }
        float* words = (float*)seeds;
        _s0 = T.Load(words);
        _s1 = T.Load(words + T.Count);
        _s2 = T.Load(words + 2 * T.Count);
        _s3 = T.Load(words + 3 * T.Count);
    }

    /// <summary>In each lane <paramref name="keepScale"/> with probability 1 - p, else 0.</summary>
    /// <param name="threshold">p in units of 2^-24.</param>
    /// <param name="keepScale">1 / (1 - p), so that the expectation is 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Keep(T threshold, T keepScale)
    {
        T uniform = T.FromIntegers(T.ShiftRight(Next(), 8));
        return T.Select(T.GreaterThan(threshold, uniform), T.Create(0), keepScale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Next()
    {
        T result = T.AddIntegers(RotateLeft(T.AddIntegers(_s0, _s3), 7), _s0);
        T shifted = T.ShiftLeft(_s1, 9);
        _s2 = T.Xor(_s2, _s0);
        _s3 = T.Xor(_s3, _s1);
        _s1 = T.Xor(_s1, _s2);
        _s0 = T.Xor(_s0, _s3);
        _s2 = T.Xor(_s2, shifted);
        _s3 = RotateLeft(_s3, 11);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T RotateLeft(T bits, int count) => T.Xor(T.ShiftLeft(bits, count), T.ShiftRight(bits, 32 - count));

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
