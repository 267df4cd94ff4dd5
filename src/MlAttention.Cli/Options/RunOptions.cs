namespace MlAttention.Cli.Options;

/// <summary>How a run of training goes, whatever is trained: how long, on how many threads, from which seed, and what is kept of it.</summary>
internal sealed class RunOptions
{
    private readonly Option<double?> _maxMinutes = CommonOptions.Number<double>("--max-minutes", "Minutes of training, with those before an interruption, after which it ends and keeps the best epoch; by default there is no limit.");
    private readonly Option<int> _threads = CommonOptions.Number("--threads", "Threads of the engine; 0 for its own choice.", new ComputeOptions().Threads);
    private readonly Option<string?> _checkpoints = new("--checkpoints") { Description = "Folder in which the state is saved every minute, at the end and when interrupted; the same command then goes on from it." };
    private readonly Option<string?> _log = new("--log") { Description = "File to which every event of training is appended as a line of JSON." };
    private readonly Option<int> _seed = CommonOptions.Seed();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> Options => [_maxMinutes, _threads, _checkpoints, _log, _seed];

    /// <summary>--checkpoints</summary>
    public string? Checkpoints(ParseResult parsed) => parsed.GetValue(_checkpoints);

    /// <summary>--seed</summary>
    public int Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>Fails where what a run writes cannot be written.</summary>
    /// <exception cref="InputException">It cannot; the message says why.</exception>
    public void RequireWritable(ParseResult parsed)
    {
        OutputFile.RequireWritable(parsed.GetValue(_log), force: true, _log.Name);
        if (Checkpoints(parsed) is { } folder) OutputFile.RequireWritableFolder(folder, _checkpoints.Name);
    }

    /// <summary>The training that the command line asks for.</summary>
    /// <param name="otherwise">What is not given.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <exception cref="InputException">A value is out of range.</exception>
    public TrainingOptions Training(ParseResult parsed, TrainingOptions otherwise, EngineKind engine, CancellationToken cancellation) => otherwise with
    {
        Compute = new() { Engine = engine, Threads = parsed.GetValue(_threads) },
        Seed = Seed(parsed),
        Checkpoints = Checkpoints(parsed) is { } folder ? new() { Directory = folder } : null,
        ResumeFrom = Checkpoints(parsed),
        LogPath = parsed.GetValue(_log),
        MaxDuration = MaxDuration(parsed.GetValue(_maxMinutes)),
        CancellationToken = cancellation,
    };

    /// <summary>What an interrupted run leaves, to be said after "interrupted".</summary>
    /// <param name="last">Where training stood; null before its first step.</param>
    public string Interruption(ParseResult parsed, TrainingProgress? last) => (last, Checkpoints(parsed)) switch
    {
        (null, _) => "before the first step of training.",
        (_, null) => $"in epoch {last.Epoch} of {last.Epochs}, and nothing is kept; with --checkpoints the same command would go on from here.",
        (_, var checkpoints) => $"in epoch {last.Epoch} of {last.Epochs}; the state is saved in {checkpoints}, and the same command goes on from it; with --max-minutes 0.01 it writes the best model so far.",
    };

    private TimeSpan? MaxDuration(double? minutes) => minutes is null or (> 0 and <= 1e7) ? minutes is { } given ? TimeSpan.FromMinutes(given) : null
        : throw new InputException(FormattableString.Invariant($"{_maxMinutes.Name} {minutes}: must be more than 0 and at most 10000000 minutes."));
}
