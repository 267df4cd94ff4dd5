namespace MlAttention.Core.Managed.Kernels;

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

/// <summary>The places of the network where dropout acts; with a layer's index each mask has a key of its own.</summary>
internal static class DropoutSite
{
    public const int Embedding = 0;
    public const int AttentionOutput = 1;
    public const int Hidden = 2;
    public const int FeedForwardOutput = 3;

    /// <summary>The attention weights of a layer.</summary>
    public static int Weights(int layer) => 4 + layer;
}

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

/// <summary>Dropout on packed blocks, alone, with a residual sum and with an activation. Counts are in floats, multiples of 2 N.</summary>
internal static unsafe class DropoutKernels<T> where T : struct, ILanes<T>
{
    /// <summary>y = dropout(x), or x where dropout is off. The same call is the backward pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* x, long count, in Dropout dropout, int site, int index, float* y)
    {
        if (!dropout.IsOn)
        {
            if (x != y) Buffer.MemoryCopy(x, y, count * sizeof(float), count * sizeof(float));
            return;
        }
        RandomLanes<T> random = dropout.Stream<T>(site, index);
        T threshold = RandomLanes<T>.Threshold(dropout.Probability), scale = T.Create(dropout.KeepScale), zero = T.Create(0);
        for (float* end = x + count; x < end; x += 2 * T.Count, y += 2 * T.Count)
        {
            T bits = random.Next();
            T.Store(T.Select(RandomLanes<T>.IsDropped(bits, threshold), zero, T.Load(x) * scale), y);
            T.Store(T.Select(RandomLanes<T>.IsDropped(T.ShiftLeft(bits, 16), threshold), zero, T.Load(x + T.Count) * scale), y + T.Count);
        }
    }

    /// <summary>y = residual + dropout(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddResidual(float* residual, float* x, long count, in Dropout dropout, int site, int index, float* y)
    {
        if (!dropout.IsOn)
        {
            for (long i = 0; i < count; i += T.Count) T.Store(T.Load(residual + i) + T.Load(x + i), y + i);
            return;
        }
        RandomLanes<T> random = dropout.Stream<T>(site, index);
        T threshold = RandomLanes<T>.Threshold(dropout.Probability), scale = T.Create(dropout.KeepScale), zero = T.Create(0);
        for (float* end = x + count; x < end; x += 2 * T.Count, y += 2 * T.Count, residual += 2 * T.Count)
        {
            T bits = random.Next();
            T first = T.Select(RandomLanes<T>.IsDropped(bits, threshold), zero, scale);
            T second = T.Select(RandomLanes<T>.IsDropped(T.ShiftLeft(bits, 16), threshold), zero, scale);
            T.Store(T.MultiplyAdd(T.Load(x), first, T.Load(residual)), y);
            T.Store(T.MultiplyAdd(T.Load(x + T.Count), second, T.Load(residual + T.Count)), y + T.Count);
        }
    }
}

/// <summary>Fills arrays with dropout factors: 0 with the given probability, otherwise 1 / (1 - probability).</summary>
/// <remarks>
/// Always sixteen generators side by side, two factors from each 32-bit number: the factors follow from the seed alone, whatever
/// the processor's vector width. Probabilities are rounded to 1/65536.
/// </remarks>
internal static unsafe class DropoutMask
{
    private const int Resolution = 1 << 16;

    /// <param name="mask">Receives the factors.</param>
    /// <param name="probability">The probability of 0; from 0 to below 1.</param>
    /// <param name="seed">Decides all factors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(Span<float> mask, double probability, ulong seed)
    {
        uint dropped = (uint)Math.Min(Math.Round(probability * Resolution), Resolution - 1);
        var random = new RandomLanes<Lanes512>(seed);
        Lanes512 sign = Lanes512.CreateBits(0x80000000), threshold = Lanes512.CreateBits((dropped << 16) ^ 0x80000000);
        Lanes512 zero = Lanes512.Create(0), keep = Lanes512.Create(Resolution / (float)(Resolution - dropped));
        int pair = 2 * Lanes512.Count;
        float* rest = stackalloc float[pair];
        fixed (float* start = mask)
        {
            for (int i = 0; i < mask.Length; i += pair)
            {
                float* target = mask.Length - i < pair ? rest : start + i;
                Lanes512 bits = random.Next();
                Lanes512.Store(Lanes512.Select(RandomLanes<Lanes512>.IsDropped(Lanes512.Xor(bits, sign), threshold), zero, keep), target);
                Lanes512.Store(Lanes512.Select(RandomLanes<Lanes512>.IsDropped(Lanes512.Xor(Lanes512.ShiftLeft(bits, 16), sign), threshold), zero, keep), target + Lanes512.Count);
            }
        }
        int tail = mask.Length % pair;
        new ReadOnlySpan<float>(rest, tail).CopyTo(mask[^tail..]);
    }
}
