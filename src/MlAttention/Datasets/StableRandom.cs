namespace MlAttention.Datasets;

/// <summary>
/// A small random generator whose sequence is fixed by this file and not by the .NET version: xoshiro256** started by SplitMix64
/// (Blackman and Vigna 2021). The same seed gives the same data sets, splits, shuffles and bootstrap samples everywhere.
/// </summary>
internal sealed class StableRandom
{
    private readonly ulong[] _state = new ulong[4];

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>.</summary>
    public StableRandom(long seed)
    {
        ulong mixed = unchecked((ulong)seed);
        for (int i = 0; i < _state.Length; i++) _state[i] = SplitMix(ref mixed);
    }

    /// <summary>Starts the sequence that belongs to a seed and a purpose, so that two purposes of one seed do not share numbers.</summary>
    public StableRandom(long seed, string purpose) : this(Combine(seed, purpose))
    {
    }

    /// <summary>A seed made of a seed and a name; stable across processes, unlike string.GetHashCode.</summary>
    public static long Combine(long seed, string purpose)
    {
        ulong hash = 14695981039346656037UL ^ unchecked((ulong)seed); // FNV-1a
        foreach (char c in purpose) hash = unchecked((hash ^ c) * 1099511628211UL);
        return unchecked((long)SplitMix(ref hash));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = unchecked(ulong.RotateLeft(_state[1] * 5, 7) * 9);
        ulong shifted = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= shifted;
        _state[3] = ulong.RotateLeft(_state[3], 45);
        return result;
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, each equally likely.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong range = (ulong)bound;
        ulong limit = ulong.MaxValue - ulong.MaxValue % range;
        ulong bits;
        do bits = NextBits(); while (bits >= limit);
        return (int)(bits % range);
    }

    /// <summary>A number from 0 to below 1.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>Puts the items in random order, in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state = unchecked(state + 0x9E3779B97F4A7C15UL);
        ulong z = state;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
