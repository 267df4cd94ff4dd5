using MlAttention.Validation;

namespace MlAttention.Training;

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
