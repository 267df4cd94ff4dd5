namespace MlAttention.Tests.Reporting.Browser;

/// <summary>A theory that needs Chromium; skipped, with a word, where none is installed, which CI does not allow.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Path is null ? Chromium.Missing : null;
}

/// <summary>A fact that needs Chromium; as <see cref="BrowserTheoryAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Path is null ? Chromium.Missing : null;
}

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    public const string Missing = "No Chromium is installed, so the pages are not looked at in a browser.";

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Its path, or null.</summary>
    public static string? Path { get; } =
        s_names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Select(folder => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
