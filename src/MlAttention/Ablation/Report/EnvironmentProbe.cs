using System.Globalization;
using System.Runtime.InteropServices;
using MlAttention.Engines.Managed.Lanes;
using MlAttention.Reporting;

namespace MlAttention.Ablation;

/// <summary>Finds out on what this process runs.</summary>
internal static class EnvironmentProbe
{
    /// <summary>This machine and build.</summary>
    public static RunEnvironment Current() => new()
    {
        Version = ProgramVersion.Version,
        Libraries = ProgramVersion.Libraries,
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Processor = Processor(),
        Cores = Environment.ProcessorCount,
        Vectors = string.Create(CultureInfo.InvariantCulture, $"{LaneWidth.Chosen} bit"),
    };

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return string.IsNullOrEmpty(name) ? RuntimeInformation.ProcessArchitecture.ToString() : name;
    }
}
