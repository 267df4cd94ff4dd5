namespace MlAttention.Text;

/// <summary>Finds the tokens of a text. Thread-safe.</summary>
internal interface ITextSplitter
{
    /// <summary>Appends the tokens of <paramref name="text"/> in order.</summary>
    void Split(ReadOnlySpan<char> text, List<TokenSpan> tokens);
}
