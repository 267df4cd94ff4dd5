using System.Runtime.InteropServices;

namespace MlAttention.Text;

/// <summary>The words inside which byte-pair encoding merges. A word after white space starts with a mark, so that its parts tell it from a suffix.</summary>
internal sealed class BytePairWords
{
    /// <summary>Stands before the first character of a word that follows white space or starts the text.</summary>
    public const char StartOfWord = '\u2581';

    /// <summary>Longer words are cut, so that the cost of merging stays linear in the text.</summary>
    public const int MaxWordLength = 100;

    private readonly WordSplitter _splitter;
    private readonly List<TokenSpan> _tokens = [];
    private readonly char[] _word = new char[MaxWordLength + 1];

    public BytePairWords(bool keepPunctuation) => _splitter = new WordSplitter(keepPunctuation);

    /// <summary>What is done with a word.</summary>
    public delegate void WordAction(ReadOnlySpan<char> word);

    /// <summary>Calls <paramref name="action"/> for each word of the text.</summary>
    public void ForEach(ReadOnlySpan<char> text, WordAction action)
    {
        _tokens.Clear();
        _splitter.Split(text, _tokens);
        foreach (var token in CollectionsMarshal.AsSpan(_tokens))
        {
            var marked = token.Start == 0 || char.IsWhiteSpace(text[token.Start - 1]);
            for (var start = token.Start; start < token.Start + token.Length;)
            {
                var length = Math.Min(MaxWordLength, token.Start + token.Length - start);
                if (length == MaxWordLength && char.IsHighSurrogate(text[start + length - 1])) length--;
                action(Marked(text.Slice(start, length), marked));
                marked = false;
                start += length;
            }
        }
    }

    private ReadOnlySpan<char> Marked(ReadOnlySpan<char> word, bool marked)
    {
        if (!marked) return word;
        _word[0] = StartOfWord;
        word.CopyTo(_word.AsSpan(1));
        return _word.AsSpan(0, word.Length + 1);
    }
}
