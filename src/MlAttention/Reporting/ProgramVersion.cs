using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using TorchSharp;

namespace MlAttention.Reporting;

/// <summary>Which build this is and which libraries it runs on.</summary>
public static class ProgramVersion
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
