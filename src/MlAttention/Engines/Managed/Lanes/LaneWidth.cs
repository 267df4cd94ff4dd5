using System.Runtime.Intrinsics.X86;

namespace MlAttention.Engines.Managed.Lanes;

/// <summary>Which vectors the kernels use: chosen once, the widest that the machine has, or what the environment says.</summary>
internal static class LaneWidth
{
    /// <summary>The variable that chooses narrower vectors, for tests and comparisons: 128, 256 or 512 bits.</summary>
    public const string Variable = "MLATTENTION_LANES";

    /// <summary>128, 256 or 512 bits.</summary>
    public static int Chosen { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The widest vectors of this machine, in bits.</summary>
    /// <remarks>
    /// The instructions are asked for, not Vector512.IsHardwareAccelerated: the runtime answers no on processors that lower their
    /// clock for short bursts of wide vectors, and long dense kernels gain there all the same.
    /// </remarks>
    public static int Widest => HasAvx512 ? 512 : Avx2.IsSupported && Fma.IsSupported ? 256 : 128;

    private static bool HasAvx512 => Avx512F.IsSupported && Avx512F.VL.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported;

    /// <exception cref="ArgumentException">The text is no width that this machine has.</exception>
    internal static int Choose(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Widest;
        if (int.TryParse(text, out int width) && width is 128 or 256 or 512 && width <= Widest) return width;
        throw new ArgumentException($"{Variable} = '{text}': must be 128, 256 or 512, at most {Widest} on this machine.");
    }
}
