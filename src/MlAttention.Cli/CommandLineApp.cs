using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using MlAttention.Cli.Commands;
using MlAttention.Data;
using MlAttention.Reporting;

namespace MlAttention.Cli;

/// <summary>The whole command line: parses, runs one command, and turns every exception into one line and an exit code.</summary>
internal static class CommandLineApp
{
    /// <summary>Runs the command line; the entry point for the process and for tests.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, CliConsole console, CancellationToken cancellation = default)
    {
        // Numbers are read and written the same way in every country, in options, help and results.
        var culture = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (CultureInfo.InvariantCulture, CultureInfo.InvariantCulture);
        try
        {
            return RunInvariant(args, console, cancellation);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = culture;
        }
    }

    private static int RunInvariant(IReadOnlyList<string> args, CliConsole console, CancellationToken cancellation)
    {
        var result = BuildRoot(console).Parse(args);
        string wrong = UnknownOptions.ErrorIn(result) ?? string.Join(' ', result.Errors.Select(error => error.Message));
        if (wrong.Length > 0)
        {
            console.Error.WriteLine($"mlattention: {wrong} (see mlattention {CommandPath(result)}--help)");
            return ExitCode.BadInput;
        }
        HideArgumentsAbove(result.CommandResult);
        try
        {
            var configuration = new InvocationConfiguration { Output = console.Output, Error = console.Error, EnableDefaultExceptionHandler = false };
            return result.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            return Report(ParallelReading.CauseOf(exception), console, new OptionWords(result.CommandResult.Command));
        }
    }

    // Otherwise the help of a subcommand shows the arguments of the command above it as its own.
    private static void HideArgumentsAbove(CommandResult result)
    {
        for (var above = result.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
            foreach (var argument in above.Command.Arguments) argument.Hidden = true;
    }

    /// <summary>What is wrong with a command line, without running it.</summary>
    public static IReadOnlyList<string> Parse(IReadOnlyList<string> args) => [.. BuildRoot(CliConsole.Of(TextWriter.Null, TextWriter.Null)).Parse(args).Errors.Select(error => error.Message)];

    private static int Report(Exception exception, CliConsole console, OptionWords words)
    {
        if (exception is OperationCanceledException)
        {
            console.Error.WriteLine("mlattention: interrupted.");
            return ExitCode.Failure;
        }
        bool isBadInput = exception is InputException or CsvDataException or ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException or FormatException;
        console.Error.WriteLine($"mlattention: {OneLine(words.In(MessageOf(exception)))}");
        if (!isBadInput && Environment.GetEnvironmentVariable("MLATTENTION_TRACE") == "1") console.Error.WriteLine(exception);
        return isBadInput ? ExitCode.BadInput : ExitCode.Failure;
    }

    // ArgumentException adds the name of a C# parameter, which means nothing on a command line.
    private static string MessageOf(Exception exception) => exception switch
    {
        ArgumentException { ParamName: { } parameter } => exception.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal),
        _ => exception.Message,
    };

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string CommandPath(ParseResult result) =>
        result.CommandResult == result.RootCommandResult ? "" : result.CommandResult.Command.Name + " ";

    private static Command BuildRoot(CliConsole console)
    {
        // A RootCommand would be called after the process, which is dotnet or a test runner.
        var root = new Command("mlattention", $"""
            Attention for ML.NET: train sequence classifiers, and measure what token order is worth on your own data.
            {ProgramVersion.Line}
            Exit codes: 0 success, 1 the work failed, 2 the command line or the input was wrong (nothing was written).
            """);
        root.Add(new HelpOption());
        root.Add(new VersionOption { Action = new VersionAction(console) });
        root.Add(AblateCommand.Create(console));
        root.Add(ReportCommand.Create(console));
        root.Add(TrainCommand.Create(console));
        root.Add(EvaluateCommand.Create(console));
        root.Add(PredictCommand.Create(console));
        root.Add(ExportCommand.Create(console));
        root.Add(InspectCommand.Create(console));
        root.Add(ComplexityCommand.Create(console));
        root.Add(GenerateCommand.Create(console));
        return root;
    }
}
