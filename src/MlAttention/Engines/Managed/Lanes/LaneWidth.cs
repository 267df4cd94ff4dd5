using System.Runtime.Intrinsics;
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
    public static int Widest => Avx512F.IsSupported && Vector512.IsHardwareAccelerated ? 512 : Avx2.IsSupported && Fma.IsSupported ? 256 : 128;

    /// <exception cref="ArgumentException">The text is no width that this machine has.</exception>
    internal static int Choose(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Widest;
        if (int.TryParse(text, out int width) && width is 128 or 256 or 512 && width <= Widest) return width;
        throw new ArgumentException($"{Variable} = '{text}': must be 128, 256 or 512, at most {Widest} on this machine.");
    }
}
