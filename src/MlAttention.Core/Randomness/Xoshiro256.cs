using System.Numerics;

namespace MlAttention.Core.Randomness;

/// <summary>xoshiro256** 1.0 (Blackman and Vigna 2018): the project's own generator, so that a seed means the same everywhere.</summary>
internal sealed class Xoshiro256
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>A generator whose state is filled by SplitMix64 from the seed.</summary>
    public Xoshiro256(ulong seed)
    {
        _s0 = SplitMix64.Next(ref seed);
        _s1 = SplitMix64.Next(ref seed);
        _s2 = SplitMix64.Next(ref seed);
        _s3 = SplitMix64.Next(ref seed);
    }

    /// <summary>The generator of a purpose, independent of every other purpose's under the same seed.</summary>
    public static Xoshiro256 For(long seed, string purpose, long index = 0) => new(SplitMix64.Seed(seed, purpose, index));

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 to below 1, of 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from 0 to below the limit, without bias (Lemire 2019).</summary>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ulong product = (ulong)(uint)Next() * (uint)limit;
        if ((uint)product < (uint)limit)
        {
            uint threshold = unchecked((uint)-limit) % (uint)limit;
            while ((uint)product < threshold) product = (ulong)(uint)Next() * (uint)limit;
        }
        return (int)(product >> 32);
    }

    /// <summary>A standard normal number.</summary>
    public double NextNormal() => Normal(NextDouble(), NextDouble());

    /// <summary>A standard normal number from two uniform ones, from 0 to below 1 (Box and Muller 1958).</summary>
    public static double Normal(double first, double second) => Math.Sqrt(-2 * Math.Log(1 - first)) * Math.Cos(2 * Math.PI * second);

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
