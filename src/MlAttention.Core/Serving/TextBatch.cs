using MlAttention.Core.Text;
using MlAttention.Core.Text.Subwords;

namespace MlAttention.Core.Serving;

/// <summary>One thread's memory for texts on their way to a scorer, used again for every batch.</summary>
internal sealed class TextBatch
{
    /// <summary>Most texts that go through a model together, and the tokens after which no more join them: what comes is never far away.</summary>
    public const int TogetherTexts = 16, TogetherTokens = 128;

    private readonly SequenceTokenizer _tokenizer;
    private readonly TokenMapper _mapper;
    private readonly TokenBatch?[] _batches;      // by rows: all share tokens and lengths
    private readonly int[] _tokens;
    private readonly int[] _lengths;
    private readonly int _maxLength;

    /// <param name="tokenizer">The tokenizer's options.</param>
    /// <param name="vocabulary">Its tokens.</param>
    /// <param name="architecture">The model, which has a longest sequence.</param>
    /// <param name="capacity">Most texts of a batch.</param>
    public TextBatch(TokenizeSequenceOptions tokenizer, Vocabulary vocabulary, SequenceModelOptions architecture, int capacity)
    {
        _tokenizer = new SequenceTokenizer(tokenizer, vocabulary);
        _mapper = new TokenMapper(architecture, vocabulary.Size);
        _maxLength = architecture.MaxLength;
        _batches = new TokenBatch?[capacity];
        _tokens = new int[capacity * _maxLength];
        _lengths = new int[capacity];
    }

    /// <summary>Sets a row's text.</summary>
    /// <returns>Tokens that were cut off it.</returns>
    public int Set(int row, ReadOnlySpan<char> text)
    {
        long before = _tokenizer.TruncatedTokens;
        return Set(row, _tokenizer.Tokenize(text), before);
    }

    /// <summary>The texts of a row.</summary>
    public int PartCount => _tokenizer.PartCount;

    /// <summary>Sets a row's two parts.</summary>
    /// <returns>Tokens that were cut off them.</returns>
    public int Set(int row, ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        _tokenizer.Begin();
        _tokenizer.Add(first);
        _tokenizer.Add(second);
        return End(row);
    }

    /// <summary>Sets a row's parts.</summary>
    /// <returns>Tokens that were cut off them.</returns>
    public int Set(int row, ReadOnlySpan<string> parts)
    {
        _tokenizer.Begin();
        foreach (string part in parts) _tokenizer.Add(part);
        return End(row);
    }

    private int End(int row)
    {
        long before = _tokenizer.TruncatedTokens;
        return Set(row, _tokenizer.End(), before);
    }

    private int Set(int row, ReadOnlySpan<uint> tokens, long cutBefore)
    {
        var keys = MemoryMarshal.Cast<uint, int>(tokens);
        _lengths[row] = _mapper.FromKeys(keys, _tokens.AsSpan(row * _maxLength, _maxLength));
        return _mapper.Cut(keys.Length) + (int)(_tokenizer.TruncatedTokens - cutBefore);
    }

    /// <summary>A row's tokens as the model reads them.</summary>
    public ReadOnlySpan<int> Sequence(int row) => _tokens.AsSpan(row * _maxLength, _lengths[row]);

    /// <summary>The tokens of a text as the text has them, before the model cuts them.</summary>
    public SpelledToken[] Spell(ReadOnlySpan<char> text) => _tokenizer.Spell(text);

    /// <summary>The first rows' texts.</summary>
    public TokenBatch Of(int rows) => _batches[rows - 1] ??= new TokenBatch { Rows = rows, Length = _maxLength, Tokens = _tokens, Lengths = _lengths };

    /// <summary>Sets the texts that go together, from one of several on, and tells how many they are.</summary>
    /// <param name="texts">All texts.</param>
    /// <param name="from">The first one's index.</param>
    /// <param name="cancellation">Stops between texts.</param>
    /// <param name="cutTexts">Grows by the texts of which tokens were cut.</param>
    /// <exception cref="ArgumentException">A text is null.</exception>
    public int SetTogether(IReadOnlyList<string> texts, int from, CancellationToken cancellation, ref long cutTexts) =>
        SetTogether(texts.Count, from, (row, text) => Set(row, texts[text] ?? throw new ArgumentException($"Text {text} is null.", nameof(texts))), cancellation, ref cutTexts);

    /// <summary>Sets the pairs that go together, likewise.</summary>
    /// <exception cref="ArgumentException">A text of a pair is null.</exception>
    public int SetTogether(IReadOnlyList<(string First, string Second)> pairs, int from, CancellationToken cancellation, ref long cutTexts) =>
        SetTogether(pairs.Count, from, (row, pair) => pairs[pair] is (not null, not null) and var (first, second) ? Set(row, first, second) : throw new ArgumentException($"A text of pair {pair} is null.", nameof(pairs)), cancellation, ref cutTexts);

    private int SetTogether(int count, int from, Func<int, int, int> set, CancellationToken cancellation, ref long cutTexts)
    {
        int rows = 0;
        for (int tokens = 0; from + rows < count && rows < _lengths.Length && tokens < TogetherTokens; tokens += _lengths[rows++])
        {
            cancellation.ThrowIfCancellationRequested();
            if (set(rows, from + rows) > 0) cutTexts++;
        }
        return rows;
    }
}
