using System.Collections.Concurrent;
using Microsoft.Playwright;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>One browser for all tests of pages, which run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserFixture : IAsyncLifetime, ICollectionFixture<BrowserFixture>
{
    public const string Name = "Browser";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox", "--disable-background-networking"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a page from a file, does something with it, and fails if it opened a dialog, wrote an error or asked for anything but the file itself.</summary>
    internal async Task Visit(string html, Func<IPage, Task> visit, Window? window = null)
    {
        window ??= new();
        using var folder = new TemporaryFolder();
        string address = new Uri(folder.Write("page.html", html)).AbsoluteUri;
        await using var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = window.Width, Height = window.Height },
            ColorScheme = window.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = window.HasScripts,
            HasTouch = window.HasTouch,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var page = await context.NewPageAsync();
        var faults = new ConcurrentQueue<string>();
        page.Dialog += async (_, dialog) =>
        {
            faults.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.PageError += (_, error) => faults.Enqueue($"error: {error}");
        page.Console += (_, message) => { if (message.Type is "error" or "warning") faults.Enqueue($"console: {message.Text}"); };
        page.Request += (_, request) => { if (request.Url.Split('#')[0] != address) faults.Enqueue($"request: {request.Url}"); };
        await page.GotoAsync(address);
        await visit(page);
        Assert.Empty(faults);
    }
}

/// <summary>What a page is looked at through.</summary>
internal sealed record Window(int Width = 1280, int Height = 800, bool IsDark = false, bool HasScripts = true, bool HasTouch = false);
