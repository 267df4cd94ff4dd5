namespace MlAttention.Packages.Tests;

/// <summary>A test that compiles ahead of time, which needs a linker; skipped, with a word, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeCompilerFactAttribute : FactAttribute
{
    public NativeCompilerFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (OperatingSystem.IsLinux() && !folders.Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")))) Skip = "No clang or gcc is installed, so nothing can be linked.";
    }
}
