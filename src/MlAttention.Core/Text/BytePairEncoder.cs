using System.Text;
using MlAttention.Core.Text.Subwords;

namespace MlAttention.Core.Text;

/// <summary>Cuts words into parts of the vocabulary: starts from characters and merges the neighbours whose union has the smallest key.</summary>
/// <remarks>Keys follow the order in which training merged, so the smallest key is the earliest merge. Words are remembered.</remarks>
internal sealed class BytePairEncoder : ITokenEncoder
{
    private const int MaxRememberedWords = 50_000;

    private readonly Vocabulary _vocabulary;
    private readonly BytePairWords _words;
    private readonly Dictionary<string, uint[]> _remembered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint[]>.AlternateLookup<ReadOnlySpan<char>> _rememberedBySpan;
    private readonly List<TokenSpan> _parts = [];
    private readonly Action<ReadOnlySpan<char>> _encodeWord;
    private List<uint> _keys = [];

    public BytePairEncoder(Vocabulary vocabulary, bool keepPunctuation)
    {
        _vocabulary = vocabulary;
        _words = new BytePairWords(keepPunctuation);
        _rememberedBySpan = _remembered.GetAlternateLookup<ReadOnlySpan<char>>();
        _encodeWord = EncodeWord;
    }

    public void Encode(ReadOnlySpan<char> text, List<uint> keys)
    {
        _keys = keys;
        _words.ForEach(text, _encodeWord);
    }

    public void Spell(ReadOnlySpan<char> text, List<SpelledToken> tokens) =>
        _words.ForEach(text, word => SpelledToken.Append(word, [.. KeysOf(word).Select(key => key == 0 ? null : _vocabulary.Tokens[(int)key - 1])], tokens));

    private void EncodeWord(ReadOnlySpan<char> word) => _keys.AddRange(KeysOf(word));

    private uint[] KeysOf(ReadOnlySpan<char> word)
    {
        if (!_rememberedBySpan.TryGetValue(word, out uint[]? keys))
        {
            keys = Merge(word);
            if (_remembered.Count == MaxRememberedWords) _remembered.Clear();
            _rememberedBySpan[word] = keys;
        }
        return keys;
    }

    private uint[] Merge(ReadOnlySpan<char> word)
    {
        _parts.Clear();
        for (int i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out _, out int length);
            _parts.Add(new TokenSpan(i, length));
            i += length;
        }
        while (FindEarliestMerge(word) is var left and >= 0)
        {
            _parts[left] = new TokenSpan(_parts[left].Start, _parts[left].Length + _parts[left + 1].Length);
            _parts.RemoveAt(left + 1);
        }
        uint[] keys = new uint[_parts.Count];
        for (int i = 0; i < keys.Length; i++) keys[i] = _vocabulary.Find(word.Slice(_parts[i].Start, _parts[i].Length));
        return keys;
    }

    private int FindEarliestMerge(ReadOnlySpan<char> word)
    {
        var parts = CollectionsMarshal.AsSpan(_parts);
        var (best, bestKey) = (-1, uint.MaxValue);
        for (int i = 0; i + 1 < parts.Length; i++)
        {
            uint key = _vocabulary.Find(word.Slice(parts[i].Start, parts[i].Length + parts[i + 1].Length));
            if (key != 0 && key < bestKey) (best, bestKey) = (i, key);
        }
        return best;
    }
}

/// <summary>The words inside which byte-pair encoding merges. A word after white space starts with a mark, so that its parts tell it from a suffix.</summary>
internal sealed class BytePairWords(bool keepPunctuation)
{
    /// <summary>Stands before the first character of a word that follows white space or starts the text.</summary>
    public const char StartOfWord = '\u2581';

    /// <summary>Longer words are cut, so that the cost of merging stays linear in the text.</summary>
    public const int MaxWordLength = 100;

    private readonly WordSplitter _splitter = new(keepPunctuation);
    private readonly char[] _word = new char[MaxWordLength + 1];

    /// <summary>Calls <paramref name="action"/> for each word of the text.</summary>
    public void ForEach(ReadOnlySpan<char> text, Action<ReadOnlySpan<char>> action)
    {
        foreach (var token in _splitter.Split(text))
        {
            bool marked = token.Start == 0 || char.IsWhiteSpace(text[token.Start - 1]);
            for (int start = token.Start; start < token.Start + token.Length;)
            {
                int length = Math.Min(MaxWordLength, token.Start + token.Length - start);
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
