using System.Reflection;
using System.Runtime.InteropServices;
using MlAttention.Core.Managed;
using TorchSharp;

namespace MlAttention;

/// <summary>On what the runs were made.</summary>
/// <param name="Version">Version of this library.</param>
/// <param name="Libraries">Versions of ML.NET, TorchSharp and libtorch.</param>
/// <param name="Runtime">Version of .NET.</param>
/// <param name="System">Operating system.</param>
/// <param name="Processor">Processor.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="Vectors">Widest vectors the runtime uses, for example "512 bit".</param>
public sealed record RunEnvironment(string Version, string Libraries, string Runtime, string System, string Processor, int Cores, string Vectors)
{
    /// <summary>Version, libraries and runtime in one line.</summary>
    public override string ToString() => $"MlAttention {Version}, {Libraries}, {Runtime}";

    /// <summary>This machine and build.</summary>
    internal static RunEnvironment Current() => new(
        ProgramVersion.Version, ProgramVersion.Libraries, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, ProcessorName(), Environment.ProcessorCount, Invariant($"{LaneWidth.Chosen} bit"));

    private static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return string.IsNullOrEmpty(name) ? RuntimeInformation.ProcessArchitecture.ToString() : name;
    }
}

/// <summary>Which build this is and which libraries it runs on.</summary>
internal static class ProgramVersion
{
    /// <summary>The library's version, for example "0.1.0".</summary>
    public static string Version { get; } = Of(typeof(ProgramVersion));

    /// <summary>The versions of ML.NET, TorchSharp and libtorch, for example "ML.NET 5.0.1, TorchSharp 0.107.0, libtorch 2.10.0".</summary>
    public static string Libraries { get; } = $"ML.NET {Of(typeof(MLContext))}, TorchSharp {Of(typeof(torch))}, libtorch {LibTorch()}";

    /// <summary>One line: version, libraries, runtime.</summary>
    public static string Line { get; } = $"MlAttention {Version}, {Libraries}, {RuntimeInformation.FrameworkDescription}";

    // What torch.__version__ returns, which would load the native library first; a program that only scores must not need it.
    private static string LibTorch() =>
        System.Version.Parse((string)typeof(torch).GetField("libtorchPackageVersion", BindingFlags.Static | BindingFlags.NonPublic)!.GetRawConstantValue()!).ToString(3);

    private static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
