namespace MlAttention.Ablation.Plan;

/// <summary>The facts about each <see cref="PretrainedVariant"/>.</summary>
internal static class PretrainedVariants
{
    /// <summary>How much later positions are in <see cref="PretrainedVariant.TestShifted"/>.</summary>
    public const int Shift = 100;

    /// <summary>What is trained for a variant: itself, or the ordered one where only the test differs.</summary>
    public static PretrainedVariant Trained(this PretrainedVariant variant) => variant.IsTestOnly() ? PretrainedVariant.Ordered : variant;

    /// <summary>Whether only the test differs from the ordered variant's.</summary>
    public static bool IsTestOnly(this PretrainedVariant variant) => variant >= PretrainedVariant.TestShuffled;

    /// <summary>Whether the model cannot tell one order of the pieces from another.</summary>
    public static bool IsOrderBlind(this PretrainedVariant variant) => variant is PretrainedVariant.Zero or PretrainedVariant.Constant;

    /// <summary>Whether no order reaches the model: it is blind to it, or there is none in the texts.</summary>
    public static bool IsWithoutOrder(this PretrainedVariant variant) =>
        variant.IsOrderBlind() || variant is PretrainedVariant.Shuffled or PretrainedVariant.Sorted or PretrainedVariant.ShuffledAroundPunctuation or PretrainedVariant.ShuffledPieces;

    /// <summary>How the test texts' words stand.</summary>
    public static WordArrangement Arrangement(this PretrainedVariant variant) => variant switch
    {
        PretrainedVariant.Shuffled or PretrainedVariant.TestShuffled => WordArrangement.Shuffled,
        PretrainedVariant.Sorted => WordArrangement.Sorted,
        PretrainedVariant.ShuffledAroundPunctuation or PretrainedVariant.TestShuffledAroundPunctuation => WordArrangement.ShuffledAroundPunctuation,
        PretrainedVariant.ShuffledPieces or PretrainedVariant.TestShuffledPieces => WordArrangement.ShuffledPieces,
        PretrainedVariant.TestRunsOf2 => WordArrangement.RunsOf2,
        PretrainedVariant.TestRunsOf3 => WordArrangement.RunsOf3,
        PretrainedVariant.TestRunsOf4 => WordArrangement.RunsOf4,
        PretrainedVariant.TestWindowsOf3 => WordArrangement.WindowsOf3,
        PretrainedVariant.TestWindowsOf5 => WordArrangement.WindowsOf5,
        PretrainedVariant.TestWindowsOf10 => WordArrangement.WindowsOf10,
        _ => WordArrangement.InOrder,
    };

    /// <summary>Whether the arrangement is one of many that chance draws.</summary>
    public static bool IsRandom(this WordArrangement arrangement) => arrangement is not (WordArrangement.InOrder or WordArrangement.Sorted);

    /// <summary>The name for tables.</summary>
    public static string NameOf(PretrainedVariant variant) => variant switch
    {
        PretrainedVariant.Zero => "no positions (zero)",
        PretrainedVariant.Constant => "one position (constant)",
        PretrainedVariant.Fresh => "positions drawn anew",
        PretrainedVariant.TestZero => "no positions at test",
        PretrainedVariant.TestShifted => $"positions {Shift} later at test",
        PretrainedVariant.TestShuffledAroundPunctuation => $"{NameOf(variant.Arrangement())}, at test",
        _ => NameOf(variant.Arrangement()) + (variant.IsTestOnly() ? " at test" : ""),
    };

    /// <summary>The name of an arrangement.</summary>
    public static string NameOf(WordArrangement arrangement) => arrangement switch
    {
        WordArrangement.InOrder => "ordered",
        WordArrangement.ShuffledAroundPunctuation => "shuffled, marks stay",
        WordArrangement.ShuffledPieces => "pieces shuffled",
        WordArrangement.RunsOf2 => "runs of 2",
        WordArrangement.RunsOf3 => "runs of 3",
        WordArrangement.RunsOf4 => "runs of 4",
        WordArrangement.WindowsOf3 => "windows of 3",
        WordArrangement.WindowsOf5 => "windows of 5",
        WordArrangement.WindowsOf10 => "windows of 10",
        _ => arrangement.ToString().ToLowerInvariant(),
    };
}

/// <summary>How the words of texts stand.</summary>
internal enum WordArrangement
{
    /// <summary>As they were written.</summary>
    InOrder,
    /// <summary>At random.</summary>
    Shuffled,
    /// <summary>At random, punctuation where it was.</summary>
    ShuffledAroundPunctuation,
    /// <summary>The pieces of words at random.</summary>
    ShuffledPieces,
    /// <summary>By their letters.</summary>
    Sorted,
    /// <summary>Pairs at random.</summary>
    RunsOf2,
    /// <summary>Threes at random.</summary>
    RunsOf3,
    /// <summary>Fours at random.</summary>
    RunsOf4,
    /// <summary>At random among three neighbours.</summary>
    WindowsOf3,
    /// <summary>At random among five neighbours.</summary>
    WindowsOf5,
    /// <summary>At random among ten neighbours.</summary>
    WindowsOf10,
}
