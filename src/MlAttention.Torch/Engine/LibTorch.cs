using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace MlAttention.Torch.Engine;

/// <summary>Whether libtorch can be loaded here, and what to say where it cannot.</summary>
internal static class LibTorch
{
    private static readonly string[] s_systems = ["linux-x64", "win-x64", "win-arm64", "osx-arm64"];

    // Not RuntimeInformation.RuntimeIdentifier, which names the distribution where .NET was built for that.
    private static readonly string s_thisSystem =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static readonly Lazy<string?> s_missing = new(TryLoad);

    /// <summary>Whether libtorch can be loaded here.</summary>
    public static bool IsAvailable => ReasonAgainst is null;

    /// <summary>Why libtorch cannot be loaded and what helps, as sentences; null when it can.</summary>
    public static string? ReasonAgainst => s_missing.Value;

    /// <summary>Checks that libtorch can be loaded.</summary>
    /// <param name="what">What needs it, in the user's words.</param>
    /// <exception cref="NotSupportedException">It cannot; the message says why and what helps.</exception>
    public static void Require(string what)
    {
        if (ReasonAgainst is { } reason) throw new NotSupportedException($"{what} runs on TorchSharp, and {reason}");
    }

    /// <remarks>
    /// TorchSharp's own attempt, when it fails, prints its trace to the console and copies half a gigabyte from the package cache into the
    /// application's folder. So it comes only after its first step has worked here, or where it is made for that: in notebooks.
    /// </remarks>
    private static string? TryLoad()
    {
        var assembly = typeof(torch).Assembly;
        NativeLibrary.TryLoad("torch_cpu", assembly, null, out _); // on Windows the bindings find it only if it is loaded before
        if (!NativeLibrary.TryLoad("LibTorchSharp", assembly, null, out _) && !IsInPackageCache(assembly))
            return Explain(s_thisSystem, BindingsFile(), "the system's loader says no more");
        try
        {
            using var probe = torch.zeros(1);
            return null;
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException)
        {
            return Explain(s_thisSystem, BindingsFile(), (error.InnerException ?? error).Message);
        }
    }

    // As a notebook references it: packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll.
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "In a single file the location is empty, which is in no package cache.")]
    private static bool IsInPackageCache(Assembly assembly) =>
        assembly.Location is { Length: > 0 } location && Path.GetFullPath(Path.Combine(location, "../../../..")) is var package && Path.GetFileName(package).Equals("torchsharp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why, and what helps.</summary>
    /// <param name="system">The runtime identifier, such as "linux-x64" or "linux-musl-x64".</param>
    /// <param name="bindings">TorchSharp's native library in the application; null when it is not there.</param>
    /// <param name="message">What TorchSharp says.</param>
    internal static string Explain(string system, string? bindings, string message)
    {
        if (!s_systems.Contains(system)) return $"TorchSharp has no native library for {system}. {UseManaged}";
        if (bindings is null) return $"the application has no native library of it. Add the package TorchSharp-cpu or TorchSharp-cuda to the application. {UseManaged}";
        var cause = CauseOf(bindings) ?? FirstLine(message);
        var remedy = cause.Contains("GLIBC", StringComparison.Ordinal)
            ? "The system's C++ or C library is older than the one that TorchSharp was built with. Applications that reference the package MlAttention get a copy that needs no newer one when they are built or published, unless MlAttentionRelaxLibTorchSharp is false."
            : "Is the package TorchSharp-cpu or TorchSharp-cuda part of the application, in the version that goes with TorchSharp?";
        return $"libtorch cannot be loaded: {cause}. {remedy} {UseManaged}";
    }

    private static string UseManaged => "The managed engine (Engine = Managed) needs no native library.";

    /// <summary>What the operating system's loader says of a library; null when it loads.</summary>
    private static string? CauseOf(string library)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(library));
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // The runtime's advice on how to look for the cause comes first; the loader's own words last.
            return error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.');
        }
    }

    private static string? BindingsFile()
    {
        var name = OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] folders = [AppContext.BaseDirectory, .. searched, Path.Combine(AppContext.BaseDirectory, "runtimes", s_thisSystem, "native")];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static string FirstLine(string message) => message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("TorchSharp says no more").TrimEnd('.');
}
