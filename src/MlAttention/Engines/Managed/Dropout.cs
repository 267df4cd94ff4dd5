namespace MlAttention.Engines.Managed;

/// <summary>Dropout of one chunk in one step: the probability and the key from which every mask follows.</summary>
internal readonly struct Dropout
{
    private readonly ulong _key;

    public Dropout(double probability, ulong seed, int chunk)
    {
        IsOn = probability > 0;
        Threshold = (float)(probability * (1 << 24));
        KeepScale = (float)(1 / (1 - probability));
        _key = Mix(seed ^ Mix((ulong)chunk + 1));
    }

    /// <summary>Whether anything is dropped.</summary>
    public bool IsOn { get; }

    /// <summary>The probability in units of 2^-24.</summary>
    public float Threshold { get; }

    /// <summary>1 / (1 - p): the factor of what is kept.</summary>
    public float KeepScale { get; }

    /// <summary>The key of a mask: its place in the network and its index there.</summary>
    public ulong Key(int site, int index) => Mix(_key ^ (((ulong)(uint)site << 32) | (uint)index));

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
