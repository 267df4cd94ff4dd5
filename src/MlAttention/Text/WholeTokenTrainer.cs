using System.Runtime.InteropServices;

namespace MlAttention.Text;

/// <summary>The most frequent tokens of a splitter.</summary>
internal sealed class WholeTokenTrainer(ITextSplitter splitter) : IVocabularyTrainer
{
    private readonly TokenCounter _counter = new();
    private readonly List<TokenSpan> _tokens = [];

    public void Add(ReadOnlySpan<char> text)
    {
        _tokens.Clear();
        splitter.Split(text, _tokens);
        foreach (var token in CollectionsMarshal.AsSpan(_tokens)) _counter.Add(text.Slice(token.Start, token.Length));
    }

    public IEnumerable<string> Learn(int maxSize, int minCount) => _counter.MostFrequent(maxSize, minCount);
}
