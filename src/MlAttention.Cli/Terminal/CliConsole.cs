using Spectre.Console;

namespace MlAttention.Cli.Terminal;

/// <summary>Where a command reads and writes: texts from <see cref="OpenInput"/>, results to <see cref="Output"/>, messages and progress to <see cref="Error"/>.</summary>
internal sealed class CliConsole
{
    /// <summary>Columns assumed where there is no terminal to ask.</summary>
    public const int DefaultWidth = 120;

    private const int DefaultHeight = 24;

    private CliConsole(TextWriter output, TextWriter error, Func<Stream>? openInput, bool outputIsTerminal, bool errorIsTerminal, int width, bool detect)
    {
        InputIsRedirected = openInput is not null && (!detect || Console.IsInputRedirected);
        OpenInput = openInput ?? (() => Stream.Null);
        Output = output;
        Error = error;
        Width = width;
        Rich = Create(output, outputIsTerminal, width, detect);
        ErrorIsTerminal = errorIsTerminal;
        ErrorWidth = width;
        ErrorHasCursor = errorIsTerminal && (!detect || Environment.GetEnvironmentVariable("TERM") != "dumb" && (!OperatingSystem.IsWindows() || Rich.Profile.Capabilities.Ansi));
    }

    /// <summary>Opens standard input.</summary>
    public Func<Stream> OpenInput { get; }

    /// <summary>Whether standard input comes from a file or another program.</summary>
    public bool InputIsRedirected { get; }

    /// <summary>Plain text results.</summary>
    public TextWriter Output { get; }

    /// <summary>Plain text messages.</summary>
    public TextWriter Error { get; }

    /// <summary>Columns of a line.</summary>
    public int Width { get; }

    /// <summary>Tables on the output; no colours and no control codes unless it is a terminal.</summary>
    public IAnsiConsole Rich { get; }

    /// <summary>Whether a line on the error stream can be written over.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Columns of a line on the error stream, where it is a terminal.</summary>
    public int ErrorWidth { get; private init; }

    /// <summary>Lines of the terminal that the error stream writes to.</summary>
    public int ErrorHeight { get; private init; } = DefaultHeight;

    /// <summary>Whether several lines on the error stream can be written over.</summary>
    public bool ErrorHasCursor { get; private init; }

    /// <summary>Tells when progress is due; tests put their own here.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The console of this process.</summary>
    public static CliConsole OfProcess()
    {
        bool outputIsTerminal = !Console.IsOutputRedirected, errorIsTerminal = !Console.IsErrorRedirected;
        return new(Console.Out, Console.Error, Console.OpenStandardInput, outputIsTerminal, errorIsTerminal, outputIsTerminal ? TerminalWidth() : RequestedWidth(), detect: true) { ErrorWidth = TerminalWidth(), ErrorHeight = TerminalSize(() => Console.WindowHeight, DefaultHeight) };
    }

    /// <summary>A console on two writers, for tests and for use inside other programs.</summary>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives messages and progress.</param>
    /// <param name="width">Columns of a line.</param>
    /// <param name="isTerminal">Whether the writers understand control codes.</param>
    /// <param name="input">What is piped into the program; null for nothing.</param>
    public static CliConsole Of(TextWriter output, TextWriter error, int width = DefaultWidth, bool isTerminal = false, Stream? input = null) =>
        new(output, error, input is null ? null : () => input, isTerminal, isTerminal, width, detect: false);

    private static int TerminalWidth() => TerminalSize(() => Console.WindowWidth, DefaultWidth);

    private static int TerminalSize(Func<int> ask, int otherwise)
    {
        try
        {
            return ask() is > 0 and var size ? size : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }

    private static int RequestedWidth() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns >= 40 ? columns : DefaultWidth;

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal, int width, bool detect)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = !isTerminal ? AnsiSupport.No : detect ? AnsiSupport.Detect : AnsiSupport.Yes,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = !isTerminal ? InteractionSupport.No : detect ? InteractionSupport.Detect : InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The work itself failed, or was interrupted.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the input was wrong; nothing was written.</summary>
    public const int BadInput = 2;
}

/// <summary>The user can fix this: the message is the one line to print, and the exit code is <see cref="ExitCode.BadInput"/>.</summary>
internal sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
