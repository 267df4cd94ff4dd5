namespace MlAttention.Core.Managed.Kernels;

/// <summary>Elementary functions on lanes, to float32 accuracy.</summary>
internal static class LaneMath<T> where T : struct, ILanes<T>
{
    /// <summary>e^x to 2 units in the last place for x &lt;= 88; exactly 0 below -87.7, also for minus infinity.</summary>
    /// <remarks>
    /// x = n ln 2 + r, e^x = 2^n e^r, with Cephes' polynomial for e^r on |r| &lt;= ln 2 / 2 (Moshier, expf). Adding 1.5 · 2^23 rounds to
    /// an integer and leaves n + 127, which is the exponent field of 2^n, in the lowest bits; n = -127 gives the bits of 0.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp(T x)
    {
        T rounder = T.Create(12582912f + 127);
        x = T.Max(x, T.Create(-88));
        T biased = T.MultiplyAdd(x, T.Create(1.44269504f), rounder), n = biased - rounder;
        T r = T.MultiplyAdd(n, T.Create(-0.693359375f), x);
        r = T.MultiplyAdd(n, T.Create(2.12194440e-4f), r);
        T p = T.MultiplyAdd(T.Create(1.9875691500e-4f), r, T.Create(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Create(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Create(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Create(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Create(5.0000001201e-1f));
        T power = T.MultiplyAdd(p * r, r, r + T.Create(1));
        return power * T.ShiftLeft(biased, 23);
    }

    /// <summary>1 / (1 + e^-x) for x of any size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid(T x)
    {
        T tail = Exp(T.Create(0) - T.Abs(x)), small = tail / (T.Create(1) + tail);
        return T.Select(T.GreaterThan(x, T.Create(0)), T.Create(1) - small, small);
    }

    /// <summary>Φ(x), the normal distribution function, and its density φ(x); the absolute error of Φ is below 1e-7.</summary>
    /// <remarks>Source: Abramowitz and Stegun 1964, formula 7.1.26.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NormalCumulative(T x, out T density)
    {
        T magnitude = T.Abs(x);
        T gauss = Exp(x * x * T.Create(-0.5f));
        density = gauss * T.Create(0.398942280f);
        T t = T.Create(1) / T.MultiplyAdd(magnitude, T.Create(0.3275911f * 0.707106781f), T.Create(1));
        T p = T.Create(1.061405429f);
        p = T.MultiplyAdd(p, t, T.Create(-1.453152027f));
        p = T.MultiplyAdd(p, t, T.Create(1.421413741f));
        p = T.MultiplyAdd(p, t, T.Create(-0.284496736f));
        p = T.MultiplyAdd(p, t, T.Create(0.254829592f));
        T tail = T.Create(0.5f) * p * t * gauss;
        return T.Select(T.GreaterThan(x, T.Create(0)), T.Create(1) - tail, tail);
    }
}
