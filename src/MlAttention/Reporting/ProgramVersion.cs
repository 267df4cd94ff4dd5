using System.Reflection;
using System.Runtime.InteropServices;

namespace MlAttention.Reporting;

/// <summary>Which build this is and which packages it runs on.</summary>
public static class ProgramVersion
{
    private static readonly Assembly s_library = typeof(ProgramVersion).Assembly;

    /// <summary>The library's version, for example "0.1.0".</summary>
    public static string Version { get; } =
        s_library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>"official" for Microsoft.ML and TorchSharp from the package feed, "compat" for the stand-ins of src/Compat.</summary>
    public static string Packages { get; } =
        s_library.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "MlAttentionPackages")?.Value is { Length: > 0 } chosen ? chosen : "compat";

    /// <summary>One line: version, packages, runtime.</summary>
    public static string Line { get; } = $"MlAttention {Version}, packages: {Packages}, {RuntimeInformation.FrameworkDescription}";
}
