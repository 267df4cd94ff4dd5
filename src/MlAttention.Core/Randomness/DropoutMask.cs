using System.Runtime.Intrinsics;

namespace MlAttention.Core.Randomness;

/// <summary>Fills arrays with dropout factors: 0 with the given probability, otherwise 1 / (1 - probability).</summary>
/// <remarks>
/// Sixteen xoshiro128++ generators side by side in a vector's lanes (Blackman and Vigna 2018), two factors from each 32-bit number.
/// The factors follow from the seed alone, whatever the processor's vector width. Probabilities are rounded to 1/65536.
/// </remarks>
internal static class DropoutMask
{
    private const int Resolution = 1 << 16;

    /// <summary>Fills the array.</summary>
    /// <param name="mask">Receives the factors.</param>
    /// <param name="probability">The probability of 0; from 0 to below 1.</param>
    /// <param name="seed">Decides all factors.</param>
    public static void Fill(Span<float> mask, double probability, ulong seed)
    {
        var dropped = (uint)Math.Min(Math.Round(probability * Resolution), Resolution - 1);
        var threshold = Vector512.Create(dropped);
        var keep = Vector512.Create(Resolution / (float)(Resolution - dropped));
        var lowHalf = Vector512.Create(Resolution - 1u);
        var (s0, s1, s2, s3) = (Lanes(ref seed), Lanes(ref seed), Lanes(ref seed), Lanes(ref seed));
        Span<float> rest = stackalloc float[2 * Vector512<float>.Count];
        while (mask.Length > 0)
        {
            var numbers = RotateLeft(s0 + s3, 7) + s0;
            var shifted = s1 << 9;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = RotateLeft(s3, 11);

            var target = mask.Length >= rest.Length ? mask : rest;
            (Vector512.GreaterThanOrEqual(numbers >>> 16, threshold).AsSingle() & keep).CopyTo(target);
            (Vector512.GreaterThanOrEqual(numbers & lowHalf, threshold).AsSingle() & keep).CopyTo(target[Vector512<float>.Count..]);
            if (mask.Length < rest.Length)
            {
                rest[..mask.Length].CopyTo(mask);
                return;
            }
            mask = mask[rest.Length..];
        }
    }

    private static Vector512<uint> Lanes(ref ulong seed)
    {
        Span<ulong> lanes = stackalloc ulong[Vector512<ulong>.Count];
        foreach (ref var pair in lanes) pair = SplitMix64.Next(ref seed);
        return Vector512.Create<uint>(MemoryMarshal.Cast<ulong, uint>(lanes));
    }

    private static Vector512<uint> RotateLeft(Vector512<uint> value, int count) => (value << count) | (value >>> (32 - count));
}
