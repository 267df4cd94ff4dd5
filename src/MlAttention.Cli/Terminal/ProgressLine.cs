namespace MlAttention.Cli.Terminal;

/// <summary>
/// Tells on the error stream how far a command is: on a terminal one line that is written over, under a table where there is one; elsewhere a line within the first second
/// and then one every ten seconds, however long a step of the work takes. Other lines go through <see cref="Say"/>, so that they do not mix.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    /// <summary>When the first line comes where lines cannot be written over, unless the work is done sooner.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>From a line to the next where lines cannot be written over.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_redraw = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly CliConsole _console;
    private readonly long _start;
    private readonly ITimer? _timer;
    private IReadOnlyList<string> _parts, _table = [];
    private int _drawn, _drawnAbove;

    /// <summary>Begins to tell.</summary>
    /// <param name="silent">Whether nothing but what is said is shown.</param>
    /// <param name="beginning">What is being done.</param>
    public ProgressLine(CliConsole console, bool silent, string beginning)
    {
        (_console, _parts, _start) = (console, [beginning], console.Clock.GetTimestamp());
        if (silent) return;
        _timer = console.Clock.CreateTimer(_ => Tick(), null, console.ErrorIsTerminal ? s_redraw : First, console.ErrorIsTerminal ? s_redraw : Interval);
        if (console.ErrorIsTerminal) Tick();
    }

    /// <summary>From now on this is how far the command is.</summary>
    /// <param name="parts">The most important first; a narrow terminal shows fewer of them.</param>
    /// <param name="isNews">Whether it is worth a line at once.</param>
    /// <param name="table">Lines to stand above it where several can be written over, each narrower than the terminal.</param>
    public void Show(IReadOnlyList<string> parts, bool isNews = false, IReadOnlyList<string>? table = null)
    {
        lock (_lock)
        {
            (_parts, _table) = (parts, table ?? []);
            if (_timer is null) return;
            if (_console.ErrorIsTerminal) Draw();
            else if (isNews) Say(Line());
        }
    }

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            Erase();
            _console.Error.WriteLine(line);
            if (!_console.ErrorIsTerminal) _timer?.Change(Interval, Interval);
        }
    }

    /// <summary>Ends the telling; a terminal's line is taken away.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            (_parts, _table) = ([], []);
            Erase();
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_parts.Count == 0) return; // ended while the timer was about to call
            try
            {
                if (_console.ErrorIsTerminal) Draw();
                else _console.Error.WriteLine(Line());
            }
            catch (IOException)
            {
                // Nobody reads the stream any more: the work goes on, and its own lines tell of the error.
            }
        }
    }

    private void Draw()
    {
        string line = Shortened(_console.ErrorWidth - 1), erasing = Erasing();
        var above = _console.ErrorHasCursor ? _table : [];
        _console.Error.Write(erasing + string.Concat(above.Select(row => row + "\n")) + line);
        (_drawn, _drawnAbove) = (line.Length, above.Count);
    }

    private void Erase()
    {
        if (Erasing() is { Length: > 0 } erasing) _console.Error.Write(erasing);
        (_drawn, _drawnAbove) = (0, 0);
    }

    // Of a table: up to its first line, and all below away.
    private string Erasing() =>
        _drawnAbove > 0 ? string.Create(CultureInfo.InvariantCulture, $"\r\u001b[{_drawnAbove}A\u001b[J") : _drawn > 0 ? $"\r{new string(' ', _drawn)}\r" : "";

    private string Line() => string.Join(", ", _parts.Append($"{ReportText.Duration(_console.Clock.GetElapsedTime(_start).TotalSeconds)} elapsed"));

    /// <summary>The line without its last parts, and if even the first is too long, without its last words.</summary>
    private string Shortened(int width)
    {
        string line = Line();
        while (line.Length > width && line.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and var end) line = line[..end];
        while (line.Length > width && line.LastIndexOf(' ') is > 0 and var end) line = line[..end];
        return line.Length <= width ? line : "";
    }
}

/// <summary>Shows how far an ablation is: on a terminal with the table of its runs, elsewhere with a line for each run.</summary>
internal sealed class AblationProgressLine(ProgressLine line, RunTable? table = null) : IProgress<AblationProgress>
{
    private int _lastRun = -1;

    public void Report(AblationProgress value)
    {
        bool isNewRun = value.FinishedRuns != _lastRun;
        _lastRun = value.FinishedRuns;
        table?.Add(value);
        if (value.FinishedRuns == value.TotalRuns)
        {
            line.Show(["computing baselines and statistics"]);
            line.Say($"{value.TotalRuns} run{(value.TotalRuns == 1 ? "" : "s")} done in {ReportText.Duration(value.Elapsed.TotalSeconds)}");
            return;
        }
        string[] remaining = value.Remaining is { } time ? [$"about {ReportText.Duration(time.TotalSeconds)} left"] : [];
        line.Show([$"run {value.FinishedRuns + 1} of {value.TotalRuns}: {value.Setup}", $"seed {value.Seed}", $"epoch {value.Epoch}/{value.MostEpochs}", .. remaining], isNewRun, table?.Lines());
    }
}
