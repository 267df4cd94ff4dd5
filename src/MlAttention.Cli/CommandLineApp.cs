using System.CommandLine.Help;
using System.CommandLine.Invocation;
using MlAttention.Cli.Commands;

namespace MlAttention.Cli;

/// <summary>The whole command line: parses, runs one command, and turns every exception into one line and an exit code.</summary>
internal static class CommandLineApp
{
    // Words are taken as they are: "@text" is no file with more of them.
    private static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null };

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
        var result = BuildRoot(console).Parse(args, s_parsing);
        string wrong = string.Join(' ', CommandLineFaults.In(result, args));
        if (wrong.Length > 0)
        {
            console.Error.WriteLine($"mlattention: {OneLine(wrong)} (see mlattention {CommandPath(result)}--help)");
            return ExitCode.BadInput;
        }
        // Otherwise the help of a subcommand shows the arguments of the command above it as its own.
        foreach (var argument in result.CommandResult.Above().SelectMany(above => above.Command.Arguments)) argument.Hidden = true;
        try
        {
            var configuration = new InvocationConfiguration { Output = console.Output, Error = console.Error, EnableDefaultExceptionHandler = false };
            return result.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            return Report(ParallelReading.CauseOf(exception), result.CommandResult.Command, console);
        }
    }

    /// <summary>What is wrong with a command line, without running it.</summary>
    public static IReadOnlyList<string> Parse(IReadOnlyList<string> args) => CommandLineFaults.In(BuildRoot(CliConsole.Of(TextWriter.Null, TextWriter.Null)).Parse(args, s_parsing), args);

    private static int Report(Exception exception, Command command, CliConsole console)
    {
        if (exception is OperationCanceledException)
        {
            console.Error.WriteLine("mlattention: interrupted.");
            return ExitCode.Failure;
        }
        bool isBadInput = exception is InputException or CsvDataException or ArgumentException or NotSupportedException or InvalidDataException or IOException or UnauthorizedAccessException or FormatException;
        console.Error.WriteLine($"mlattention: {OneLine(MessageOf(exception, command))}");
        if (!isBadInput && Environment.GetEnvironmentVariable("MLATTENTION_TRACE") == "1") console.Error.WriteLine(exception);
        return isBadInput ? ExitCode.BadInput : ExitCode.Failure;
    }

    private static string MessageOf(Exception exception, Command command) => exception switch
    {
        // Of this program, about a path, or worded by the reader with the options' names.
        InputException or CsvDataException or IOException or UnauthorizedAccessException => exception.Message,
        // ArgumentException adds the name of a C# parameter, which means nothing on a command line.
        ArgumentException { ParamName: { } parameter } => new OptionWords(command).In(exception.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)),
        _ => new OptionWords(command).In(exception.Message),
    };

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string CommandPath(ParseResult result) =>
        string.Concat(result.CommandResult.Above().Prepend(result.CommandResult).SkipLast(1).Reverse().Select(command => $"{command.Command.Name} "));

    // A RootCommand would be called after the process, which is dotnet or a test runner.
    private static Command BuildRoot(CliConsole console) => new("mlattention", $"""
        Attention for ML.NET: train sequence classifiers, and measure what token order is worth on your own data.
        {ProgramVersion.Line}
        Exit codes: 0 success, 1 the work failed, 2 the command line or the input was wrong (nothing was written).
        """)
    {
        new HelpOption(),
        new VersionOption { Action = new VersionAction(console) },
        new AblateCommand(console),
        new ReportCommand(console),
        new CompareCommand(console),
        new TrainCommand(console),
        new PretrainCommand(console),
        new EvaluateCommand(console),
        new PredictCommand(console),
        new EmbedCommand(console),
        new WriteCommand(console),
        new ExportCommand(console),
        new InspectCommand(console),
        new ComplexityCommand(console),
        GenerateCommand.OfAll(console),
    };

    /// <summary>Prints the version and those of the libraries underneath.</summary>
    private sealed class VersionAction(CliConsole console) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            console.Output.WriteLine(ProgramVersion.Line);
            return ExitCode.Success;
        }
    }
}
