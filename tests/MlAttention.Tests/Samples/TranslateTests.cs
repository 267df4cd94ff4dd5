using System.Diagnostics;
using System.Text.Json;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Samples;

/// <summary>The example that translates, in a process of its own as a user runs it, with few sentences.</summary>
public class TranslateTests
{
    [Fact]
    public async Task Run_FewSentences_PrintsTheComparisonAndDrawsWhereItLooks()
    {
        using var folder = new TemporaryFolder();
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Translate", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Translate.dll"));
        var start = new ProcessStartInfo("dotnet", ["exec", program, "60", "1", folder.Path, "20"]) { RedirectStandardOutput = true, RedirectStandardError = true };

        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync();
        string[] lines = (await child.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        await child.WaitForExitAsync();

        Assert.Equal((0, ""), (child.ExitCode, await errors));
        Assert.Equal("60 sentences to learn from, 20 others to translate, such as:", lines[0]);
        Assert.Equal(4, lines.Count(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^  (positions|none)[a-z ]+ \d+\.\d ?% +\d+\.\d ?%$")));
        Assert.Contains("<svg", File.ReadAllText(folder.File("cross-attention.html")), StringComparison.Ordinal);
        using var numbers = JsonDocument.Parse(File.ReadAllText(folder.File("cross-attention.json")));
        Assert.All(numbers.RootElement.GetProperty("Weights").EnumerateArray(), row => Assert.Equal(1, row.EnumerateArray().Sum(weight => weight.GetDouble()), 0.01));
    }
}
