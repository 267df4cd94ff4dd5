using System.Runtime.InteropServices;

namespace MlAttention.Ablation.Studies;

/// <summary>How much memory the process gains at most during some work, native memory included. Linux only.</summary>
internal static partial class PeakMemory
{
    private const string Status = "/proc/self/status", Reset = "/proc/self/clear_refs", ResetPeak = "5";
    private const int MmapThreshold = -3, SmallTensor = 64 * 1024, LargestThreshold = 32 * 1024 * 1024;

    /// <summary>Peak resident memory during the work less resident memory before, in bytes; null where the system does not tell.</summary>
    public static long? Growth(Action work)
    {
        try
        {
            using var _ = new NoFreeListScope();
            File.WriteAllText(Reset, ResetPeak);
            long before = Read("VmRSS:");
            work();
            return Math.Max(0, Read("VmHWM:") - before);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            work();
            return null;
        }
    }

    private static long Read(string field)
    {
        string line = File.ReadLines(Status).First(candidate => candidate.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture); // the file says kB
    }

    // glibc keeps freed memory for the next request, which would then cost nothing; in this scope every tensor asks the system.
    private sealed partial class NoFreeListScope : IDisposable
    {
        public NoFreeListScope() => Set(SmallTensor);

        public void Dispose() => Set(LargestThreshold);

        private static void Set(int threshold)
        {
            try
            {
                _ = Option(MmapThreshold, threshold);
                _ = Trim(0);
            }
            catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
            {
                // another C library: small growth may go unseen
            }
        }

        [LibraryImport("libc", EntryPoint = "mallopt")]
        private static partial int Option(int name, int value);

        [LibraryImport("libc", EntryPoint = "malloc_trim")]
        private static partial int Trim(nuint pad);
    }
}
