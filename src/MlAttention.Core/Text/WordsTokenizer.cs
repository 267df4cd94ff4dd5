namespace MlAttention.Core.Text;

/// <summary>From the words of a text, split already, to the keys of their tokens, and with which token each word begins. One instance serves one thread.</summary>
/// <remarks>
/// Each word is tokenised by itself, as Hugging Face does with is_split_into_words: what stands before and after every text stands once
/// around them all, and to a pretrained tokenizer each word comes with the blank before it that its vocabulary may know.
/// </remarks>
internal sealed class WordsTokenizer(TokenizeSequenceOptions options, Vocabulary vocabulary)
{
    private readonly SequenceTokenizer _tokenizer = new(options, vocabulary);
    private readonly (int Before, int After) _boundaries = options.Pretrained?.Boundaries ?? (options.ClsToken is null ? 0 : 1, 0);
    private readonly bool _hasBlanks = options.Pretrained is not null;
    private readonly List<uint> _keys = [], _starts = [];
    private char[] _word = new char[64];

    /// <summary>The keys of the last row's tokens; valid until the next row.</summary>
    public ReadOnlySpan<uint> Keys => CollectionsMarshal.AsSpan(_keys);

    /// <summary>The place, from 1, of each word's first token among them; 0 for a word without a token.</summary>
    public ReadOnlySpan<uint> Starts => CollectionsMarshal.AsSpan(_starts);

    /// <summary>Tokenises the words of a row.</summary>
    public void Tokenize(ReadOnlySpan<ReadOnlyMemory<char>> words)
    {
        _keys.Clear();
        _starts.Clear();
        var around = _tokenizer.Tokenize([]);
        _keys.AddRange(around[.._boundaries.Before]);
        foreach (var word in words)
        {
            var tokens = _tokenizer.Tokenize(_hasBlanks ? WithBlank(word.Span) : word.Span);
            tokens = tokens[_boundaries.Before..^_boundaries.After];
            _starts.Add(tokens.IsEmpty ? 0 : (uint)_keys.Count + 1);
            _keys.AddRange(tokens);
        }
        _keys.AddRange(_tokenizer.Tokenize([])[^_boundaries.After..]);
    }

    private ReadOnlySpan<char> WithBlank(ReadOnlySpan<char> word)
    {
        if (_word.Length <= word.Length) _word = new char[2 * word.Length];
        _word[0] = ' ';
        word.CopyTo(_word.AsSpan(1));
        return _word.AsSpan(0, word.Length + 1);
    }
}
