namespace MlAttention.Training;

/// <summary>Which end of a sequence longer than the model's maximum is kept. What is cut is counted and reported.</summary>
public enum TruncationSide
{
    /// <summary>The first tokens are kept.</summary>
    KeepStart,
    /// <summary>The last tokens are kept.</summary>
    KeepEnd,
}
