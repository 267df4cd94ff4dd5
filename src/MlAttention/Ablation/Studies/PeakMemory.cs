using System.Globalization;

namespace MlAttention.Ablation.Studies;

/// <summary>How much memory the process gains at most during some work, native memory included. Linux only.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status", Reset = "/proc/self/clear_refs", ResetPeak = "5";

    /// <summary>Peak resident memory during the work less resident memory before, in bytes; null where the system does not tell.</summary>
    public static long? Growth(Action work)
    {
        try
        {
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
}
