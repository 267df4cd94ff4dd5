using System.Reflection;

namespace MlAttention.Packages.Tests;

/// <summary>The repository that is packed, and the packages it was built with.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Where the machine keeps the packages that it has restored.</summary>
    public static string PackageCache { get; } = Metadata("PackageCache");

    /// <summary>The version of TorchSharp, which TorchSharp-cpu shares.</summary>
    public static string TorchSharpVersion { get; } = Path.GetFileName(Metadata("TorchSharpPackage"));

    /// <summary>The version of ONNX Runtime.</summary>
    public static string OnnxRuntimeVersion { get; } = Path.GetFileName(Metadata("OnnxRuntimePackage"));

    /// <summary>libLibTorchSharp.so as TorchSharp ships it.</summary>
    public static string LibTorchSharp { get; } = Path.Combine(Metadata("TorchSharpPackage"), "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    /// <summary>The C# block of a Markdown file with one.</summary>
    public static string CodeOf(string markdown) => markdown.Split("```csharp\n")[1].Split("```")[0];

    /// <summary>Writes a small CSV file to train on into a folder.</summary>
    /// <returns>Its path.</returns>
    public static string Rows(string folder)
    {
        string path = Path.Combine(folder, "rows.csv");
        File.WriteAllLines(path, File.ReadLines(Path.Combine(Root, "datasets", "keyword_topics.csv")).Take(61));
        return path;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MlAttention.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds MlAttention.sln.");
    }

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
