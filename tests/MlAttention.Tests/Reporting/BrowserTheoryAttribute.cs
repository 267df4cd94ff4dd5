namespace MlAttention.Tests.Reporting;

/// <summary>A theory that needs Chromium; skipped, with a word, where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    public BrowserTheoryAttribute()
    {
        if (Browser is null) Skip = "No Chromium is installed, so the page is not looked at in a browser.";
    }

    /// <summary>The browser's path, or null.</summary>
    public static string? Browser { get; } =
        s_names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
