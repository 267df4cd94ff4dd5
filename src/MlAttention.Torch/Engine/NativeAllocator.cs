namespace MlAttention.Torch.Engine;

/// <summary>
/// Tells glibc to keep freed memory: libtorch allocates every large tensor anew, and mapping fresh pages for each costs more
/// than the arithmetic on long sequences.
/// </summary>
/// <remarks>Applies to the whole process, once. The AppContext switch "MlAttention.KeepAllocatorDefaults" leaves glibc as it is.</remarks>
internal static partial class NativeAllocator
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int Threshold = 1 << 30;
    private static readonly Lazy<bool> Tuned = new(Apply);

    /// <summary>Sets glibc's thresholds; does nothing elsewhere.</summary>
    /// <returns>Whether glibc took them.</returns>
    public static bool Tune() => Tuned.Value;

    private static bool Apply()
    {
        if (!OperatingSystem.IsLinux() || (AppContext.TryGetSwitch("MlAttention.KeepAllocatorDefaults", out var keep) && keep)) return false;
        try
        {
            return SetOption(MmapThreshold, Threshold) == 1 & SetOption(TrimThreshold, Threshold) == 1;
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
