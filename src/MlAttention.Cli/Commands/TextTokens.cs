namespace MlAttention.Cli.Commands;

/// <summary>What a model sees of a text.</summary>
/// <param name="All">The text's tokens.</param>
/// <param name="Read">Those that the model reads: up to its longest length.</param>
/// <param name="Known">Those of them that the model knows.</param>
internal readonly record struct TextTokens(int All, int Read, int Known)
{
    /// <summary>Whether the text is longer than the model reads.</summary>
    public bool IsCut => Read < All;

    /// <summary>Whether there is no word in it.</summary>
    public bool IsEmpty => All == 0;

    /// <summary>Whether there are words, of which the model knows none.</summary>
    public bool IsUnknown => Read > 0 && Known == 0;
}
