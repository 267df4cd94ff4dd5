namespace MlAttention.Core.Randomness;

/// <summary>Spreads seeds: neighbouring inputs give unrelated outputs (Steele, Lea and Flood 2014).</summary>
internal static class SplitMix64
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private const ulong FnvOffset = 0xCBF29CE484222325;
    private const ulong FnvPrime = 0x100000001B3;

    /// <summary>The next output; advances the state.</summary>
    public static ulong Next(ref ulong state)
    {
        ulong z = state += GoldenGamma;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The seed of the purpose's index-th stream of random numbers; the same on every machine and in every version.</summary>
    public static ulong Seed(long seed, string purpose, long index = 0)
    {
        ulong hash = FnvOffset;
        foreach (char letter in purpose) hash = (hash ^ letter) * FnvPrime;
        ulong state = unchecked((ulong)seed);
        ulong mixed = Next(ref state) ^ hash;
        mixed = Next(ref mixed) ^ unchecked((ulong)index);
        return Next(ref mixed);
    }
}
