using System.Diagnostics;

namespace MlAttention.Packages.Tests;

/// <summary>Runs programs as a user's shell would, without what `dotnet test` tells its children.</summary>
internal static class Shell
{
    /// <summary>Runs a command of the .NET SDK and leaves no build server behind.</summary>
    /// <returns>Everything it printed.</returns>
    public static string Dotnet(string folder, params string[] arguments) => Run("dotnet", folder, arguments, []);

    /// <summary>
    /// Runs a program on one thread, since kernels that wait for each other on a busy machine take many times as long. It finds no
    /// package cache: TorchSharp would look there for the libtorch that the program must bring itself.
    /// </summary>
    /// <returns>Everything it printed.</returns>
    public static string Program(string program, string folder, params string[] arguments) => Program([], program, folder, arguments);

    /// <summary>Likewise, with variables of its environment.</summary>
    /// <returns>Everything it printed.</returns>
    public static string Program((string Name, string Value)[] variables, string program, string folder, params string[] arguments) =>
        Run(program, folder, arguments, [("OMP_NUM_THREADS", "1"), ("NUGET_PACKAGES", Path.Combine(folder, "no-packages")), .. variables]);

    private static string Run(string program, string folder, string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name is "CI").ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables.Append(("MSBUILDDISABLENODEREUSE", "1")).Append(("DOTNET_CLI_UI_LANGUAGE", "en"))) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
    }
}
