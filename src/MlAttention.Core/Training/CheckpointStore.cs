using System.Diagnostics;
using System.Globalization;
using MlAttention.Core.Training;

namespace MlAttention;

/// <summary>When training saves its whole state, and where. A saved state continues bit for bit as the run would have.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The directory; it is made when it does not exist. One run, one directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Optimizer steps between checkpoints.</summary>
    /// <value>0 for none by steps, or more; default 0.</value>
    public int EverySteps { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    /// <value>0 for none by time, or more; default 60 s.</value>
    public double EverySeconds { get; init; } = 60;

    /// <summary>How many of the newest checkpoints are kept.</summary>
    /// <value>At least 1; default 3.</value>
    public int Keep { get; init; } = 3;

    /// <summary>Whether a cancelled run saves its state before it stops.</summary>
    /// <value>Default true.</value>
    public bool OnCancel { get; init; } = true;

    internal void Validate(OptionErrors errors)
    {
        errors.Require(!string.IsNullOrWhiteSpace(Directory), "Checkpoints.Directory", Directory, "must name a directory");
        errors.Require(EverySteps >= 0, "Checkpoints.EverySteps", EverySteps, "must be 0 or more steps");
        errors.Require(EverySeconds >= 0, "Checkpoints.EverySeconds", EverySeconds, "must be 0 or more seconds");
        errors.Require(EverySteps > 0 || EverySeconds > 0, "Checkpoints.EverySeconds", EverySeconds, "must be greater than 0 when EverySteps is 0");
        errors.Require(Keep >= 1, "Checkpoints.Keep", Keep, "must be at least 1");
    }
}

/// <summary>The checkpoints of one run in their directory: decides when one is due, writes it, and keeps the newest.</summary>
internal sealed class CheckpointStore
{
    private const string Prefix = "checkpoint-";
    private const string Extension = ".safetensors";
    private readonly CheckpointOptions _options;
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>Opens the directory for a run; removes what a killed run left half-written.</summary>
    /// <param name="options">Where and when.</param>
    /// <param name="resumeFrom">The checkpoint or directory that the run continues from; null for none.</param>
    /// <exception cref="ArgumentException">The directory has checkpoints and the run does not continue from them.</exception>
    public CheckpointStore(CheckpointOptions options, string? resumeFrom)
    {
        _options = options;
        Directory.CreateDirectory(options.Directory);
        if (!IsOrIsIn(resumeFrom, options.Directory) && Files(options.Directory) is [var newest, ..])
            throw new ArgumentException($"Checkpoints.Directory = {options.Directory} already has checkpoints, the newest being {Path.GetFileName(newest)}. Set ResumeFrom to continue that run, or choose another directory.");
        foreach (string leftover in Directory.EnumerateFiles(options.Directory, $"{Prefix}*.tmp")) File.Delete(leftover);
    }

    /// <summary>Whether a checkpoint is due after this step.</summary>
    public bool IsDue(int step) =>
        (_options.EverySteps > 0 && step % _options.EverySteps == 0)
        || (_options.EverySeconds > 0 && _sinceLast.Elapsed.TotalSeconds >= _options.EverySeconds);

    /// <summary>Writes the checkpoint, then deletes all but the newest ones.</summary>
    public void Write(TrainingCheckpoint checkpoint)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{checkpoint.Position.Step:D9}{Extension}");
        checkpoint.Write(Path.Combine(_options.Directory, name));
        foreach (string old in Files(_options.Directory).Skip(_options.Keep)) File.Delete(old);
        _sinceLast.Restart();
    }

    /// <summary>The newest readable checkpoint of a directory, or the one in the file.</summary>
    /// <param name="path">A checkpoint file, or a directory.</param>
    /// <param name="log">Receives a line for each checkpoint that is passed over because it cannot be read.</param>
    /// <returns>The checkpoint and its path; null when the directory has none.</returns>
    /// <exception cref="FileNotFoundException">There is neither such a file nor such a directory.</exception>
    /// <exception cref="InvalidDataException">The file, or each one of the directory, is damaged.</exception>
    public static (TrainingCheckpoint Checkpoint, string Path)? Find(string path, Action<string>? log) => Find(path, TrainingCheckpoint.Read, log);

    /// <summary>The seed of the run that would go on from a path; null when it has no checkpoint, or is not there (yet).</summary>
    /// <exception cref="InvalidDataException">The file, or each one of the directory, is damaged.</exception>
    public static int? FindSeed(string path) => Path.Exists(path) ? Find(path, TrainingCheckpoint.ReadSeed, log: null)?.Found : null;

    private static (T Found, string Path)? Find<T>(string path, Func<string, T> read, Action<string>? log)
    {
        if (File.Exists(path)) return (read(path), path);
        if (!Directory.Exists(path)) throw new FileNotFoundException($"ResumeFrom = {path}: there is no such checkpoint file or directory.", path);
        InvalidDataException? damage = null;
        foreach (string file in Files(path))
        {
            try
            {
                return (read(file), file);
            }
            catch (InvalidDataException error)
            {
                damage = error;
                log?.Invoke($"Checkpoint passed over: {error.Message}");
            }
        }
        return damage is null ? null : throw damage;
    }

    private static bool IsOrIsIn(string? path, string directory)
    {
        if (path is null) return false;
        string full = Path.GetFullPath(directory);
        return Path.GetFullPath(path) == full || Path.GetDirectoryName(Path.GetFullPath(path)) == full;
    }

    /// <summary>The checkpoint files, newest first.</summary>
    private static string[] Files(string directory) =>
        [.. Directory.EnumerateFiles(directory, $"{Prefix}*{Extension}").OrderDescending(StringComparer.Ordinal)];
}
