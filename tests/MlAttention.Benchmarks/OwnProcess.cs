using System.Diagnostics;

namespace MlAttention.Benchmarks;

/// <summary>This program once more, as a process that does nothing else.</summary>
internal static class OwnProcess
{
    /// <summary>Runs a verb and returns what it writes to standard output.</summary>
    /// <exception cref="BenchmarkException">It failed; its own message is on standard error.</exception>
    public static string Output(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new BenchmarkException($"'{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }
}
