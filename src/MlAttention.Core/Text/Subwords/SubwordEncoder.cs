namespace MlAttention.Core.Text.Subwords;

/// <summary>From a text to its ids. One instance serves one thread.</summary>
internal abstract class SubwordEncoder
{
    /// <summary>Appends the ids of a text, the special tokens around it included.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">Where the ids go.</param>
    /// <remarks>Lone surrogates are read as U+FFFD.</remarks>
    public abstract void Encode(ReadOnlySpan<char> text, List<int> ids);

}
