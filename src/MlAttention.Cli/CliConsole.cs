using Spectre.Console;

namespace MlAttention.Cli;

/// <summary>Where a command writes: results to <see cref="Output"/>, messages and progress to <see cref="Error"/>.</summary>
internal sealed class CliConsole
{
    /// <summary>Columns assumed where there is no terminal to ask.</summary>
    public const int DefaultWidth = 120;

    private CliConsole(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal, int width)
    {
        Output = output;
        Error = error;
        Width = width;
        Rich = Create(output, outputIsTerminal, width);
        Progress = Create(error, errorIsTerminal, width);
        ErrorIsTerminal = errorIsTerminal;
    }

    /// <summary>Plain text results.</summary>
    public TextWriter Output { get; }

    /// <summary>Plain text messages.</summary>
    public TextWriter Error { get; }

    /// <summary>Columns of a line.</summary>
    public int Width { get; }

    /// <summary>Tables on the output; no colours and no control codes unless it is a terminal.</summary>
    public IAnsiConsole Rich { get; }

    /// <summary>Progress on the error stream; only drawn when it is a terminal.</summary>
    public IAnsiConsole Progress { get; }

    /// <summary>Whether a progress bar can be drawn.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>The console of this process.</summary>
    public static CliConsole OfProcess()
    {
        bool outputIsTerminal = !Console.IsOutputRedirected, errorIsTerminal = !Console.IsErrorRedirected;
        return new(Console.Out, Console.Error, outputIsTerminal, errorIsTerminal, outputIsTerminal ? TerminalWidth() : RequestedWidth());
    }

    /// <summary>A console without a terminal, for tests and for use inside other programs.</summary>
    public static CliConsole Of(TextWriter output, TextWriter error, int width = DefaultWidth) => new(output, error, false, false, width);

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }

    private static int RequestedWidth() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns >= 40 ? columns : DefaultWidth;

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
