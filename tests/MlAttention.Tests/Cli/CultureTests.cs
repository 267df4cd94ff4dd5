using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MlAttention.Cli;

namespace MlAttention.Tests.Cli;

/// <summary>The same command lines in countries that write numbers, letters and the order of words in their own ways, each verb in a process of its own.</summary>
public sealed partial class CultureTests
{
    private static readonly string[][] s_commandLines =
    [
        ["train", "rows.csv", "--learning-rate", "0.002", "--epochs", "2", "--json", "--out", "model.zip"],
        ["export", "model.zip", "--out", "model.safetensors", "--json"],
        ["evaluate", "model.zip", "rows.csv", "--json"],
        ["evaluate", "model.zip", "rows.csv", "--quiet"],
        ["predict", "model.zip", "I LIKE IT TITLE", "--json"],
        ["predict", "model.zip", "--data", "rows.csv", "--out", "predictions.csv", "--quiet"],
        ["inspect", "model.zip", "INDIGO ink", "--json", "--out", "heads.html"],
        ["ablate", "rows.csv", "--quick", "--seeds", "1", "--epochs", "1", "--positions", "none,sinusoidal", "--margin", "0.01", "--test-fraction", "0.2", "--json", "--out", "report"],
        ["report", "without-times.json", "--out", "again", "--quiet"],
        ["generate", "keyword-topics", "--rows", "40", "--out", "made.csv", "--quiet"],
        .. new[] { "ablate", "report", "train", "evaluate", "predict", "export", "inspect", "complexity", "generate" }.Select(verb => new[] { verb, "--help" }),
    ];

    /// <summary>What the invariant culture gives, which every other one is compared with.</summary>
    private static readonly Lazy<Task<(string[] Output, string[] Files)>> s_invariant = new(() => RunAll("C.UTF-8"));

    [Theory]
    [InlineData("de_DE.UTF-8")]
    [InlineData("fi_FI.UTF-8")]
    [InlineData("tr_TR.UTF-8")]
    public async Task Run_EveryVerb_GivesTheSameOutputAndFilesAsInTheInvariantCulture(string culture)
    {
        var runs = await Task.WhenAll(RunAll(culture), s_invariant.Value);

        Assert.Equal(runs[1].Output, runs[0].Output);
        Assert.Equal(runs[1].Files, runs[0].Files);
    }

    [Theory]
    [InlineData("C.UTF-8")]
    [InlineData("de_DE.UTF-8")]
    [InlineData("fi_FI.UTF-8")]
    public async Task Run_DecimalComma_IsRefusedInEveryCulture(string culture)
    {
        using var folder = NewFolder();
        (string Verb, string Option)[] options = [("train", "--learning-rate"), ("ablate", "--learning-rate"), ("ablate", "--dropout"), ("ablate", "--margin"), ("ablate", "--test-fraction"), ("train", "--epochs"), ("ablate", "--batch-size"), ("complexity", "--longest")];
        foreach (var (verb, option) in options)
        {
            string[] data = verb == "complexity" ? [] : ["rows.csv"];
            var (exitCode, _, error) = await Run(culture, folder.Path, [verb, .. data, option, "0,002"]);

            Assert.Equal((2, true), (exitCode, error.Contains($"{option} 0,002: give a", StringComparison.Ordinal)));
        }
    }

    /// <summary>Runs every command line in a folder of its own; gives what they print and what they write, without times.</summary>
    private static async Task<(string[] Output, string[] Files)> RunAll(string culture)
    {
        using var temporary = NewFolder();
        string folder = temporary.Path;
        var output = new List<string>();
        foreach (string[] arguments in s_commandLines)
        {
            var (exitCode, text, error) = await Run(culture, folder, arguments);
            Assert.Equal("", exitCode == 0 ? "" : $"{string.Join(' ', arguments)}: {error}");
            output.AddRange(WithoutTimes(text).Split('\n'));
            if (arguments[0] == "ablate" && arguments[1] != "--help") LeaveOutTimes(folder);
        }
        return ([.. output], [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(path => Contents(folder, path))]);
    }

    /// <summary>Puts a report with fixed times in the place of the one that was made; its files are written from that.</summary>
    private static void LeaveOutTimes(string folder)
    {
        string report = Path.Combine(folder, "report");
        File.WriteAllText(Path.Combine(folder, "without-times.json"), JsonTimes().Replace(File.ReadAllText(Path.Combine(report, "report.json")), time => time.Groups["created"].Success ? "\"2026-01-02T03:04:05+00:00\"" : "1.5"));
        Directory.Delete(report, recursive: true);
    }

    private static TemporaryFolder NewFolder()
    {
        var folder = new TemporaryFolder();
        string[] colours = ["INDIGO ink", "iris blue", "ivory paper", "Istanbul title"];
        File.WriteAllLines(folder.File("rows.csv"), ["Text,Label", .. Enumerable.Range(0, 60).Select(row => $"{colours[row % 4]} number {row % 7},{(row % 4 < 2 ? "I" : "ı")}")]);
        return folder;
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(string culture, string folder, string[] arguments)
    {
        string tool = typeof(CommandLineApp).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", tool, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = culture;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }

    /// <summary>A line for each file: its name and its text without times, its bytes, or, of a zip, the names and bytes of its entries.</summary>
    private static IEnumerable<string> Contents(string folder, string path)
    {
        string name = Path.GetRelativePath(folder, path);
        if (path.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = ZipFile.OpenRead(path);
            return [.. zip.Entries.Select(entry =>
            {
                // ML.NET writes the columns of a table by several threads, one behind the other as they are done: the same blocks in either order.
                if (entry.Name.EndsWith(".idv", StringComparison.Ordinal)) return $"{name}/{entry.FullName}: {entry.Length} bytes";
                using var content = entry.Open();
                return $"{name}/{entry.FullName}: {Convert.ToHexString(SHA256.HashData(content))}";
            })];
        }
        return path.EndsWith(".safetensors", StringComparison.Ordinal)
            ? [$"{name}: {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"]
            : WithoutTimes(File.ReadAllText(path)).Split('\n').Select(line => $"{name}: {line}");
    }

    private static string WithoutTimes(string text) => JsonTimes().Replace(text, "a time");

    [GeneratedRegex("""(?<="((?<created>created)|trainingSeconds|wallSeconds)": ?)("[^"]+"|[0-9.E+-]+)""")]
    private static partial Regex JsonTimes();
}
