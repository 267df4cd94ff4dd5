using System.Runtime.InteropServices;

namespace MlAttention.Text;

/// <summary>Looks up each token of a splitter in the vocabulary.</summary>
internal sealed class WholeTokenEncoder(ITextSplitter splitter, Vocabulary vocabulary) : ITokenEncoder
{
    private readonly List<TokenSpan> _tokens = [];

    public void Encode(ReadOnlySpan<char> text, List<uint> keys)
    {
        _tokens.Clear();
        splitter.Split(text, _tokens);
        foreach (var token in CollectionsMarshal.AsSpan(_tokens)) keys.Add(vocabulary.Find(text.Slice(token.Start, token.Length)));
    }
}
