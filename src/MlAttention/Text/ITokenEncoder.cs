namespace MlAttention.Text;

/// <summary>From normalised text to keys. One instance serves one thread.</summary>
internal interface ITokenEncoder
{
    /// <summary>Appends the keys of the text's tokens; 0 for a token without a key.</summary>
    void Encode(ReadOnlySpan<char> text, List<uint> keys);
}
