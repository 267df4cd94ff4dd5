using MlAttention.Core.Text.Subwords;

namespace MlAttention.Core.Text;

/// <summary>From normalised text to keys. One instance serves one thread.</summary>
internal interface ITokenEncoder
{
    /// <summary>Appends the keys of the text's tokens; 0 for a token without a key.</summary>
    void Encode(ReadOnlySpan<char> text, List<uint> keys);

    /// <summary>Appends the same tokens as texts.</summary>
    void Spell(ReadOnlySpan<char> text, List<SpelledToken> tokens);

    /// <summary>Appends the keys of one part of a text of several, without special tokens around it.</summary>
    void EncodePart(ReadOnlySpan<char> part, List<uint> keys) => Encode(part, keys);

    /// <summary>Appends the same tokens as texts.</summary>
    void SpellPart(ReadOnlySpan<char> part, List<SpelledToken> tokens) => Spell(part, tokens);
}

/// <summary>Learns a vocabulary from normalised texts.</summary>
internal interface IVocabularyTrainer
{
    /// <summary>Takes one text into account.</summary>
    void Add(ReadOnlySpan<char> text);

    /// <summary>At most <paramref name="maxSize"/> tokens in the order of their keys, none seen fewer than <paramref name="minCount"/> times.</summary>
    IEnumerable<string> Learn(int maxSize, int minCount);

    /// <summary>The tokens that the texts need beside those of a vocabulary, the most frequent first, none seen fewer than <paramref name="minCount"/> times.</summary>
    IEnumerable<string> Missing(IReadOnlySet<string> vocabulary, int minCount);
}

/// <summary>The one place that chooses a tokenizer.</summary>
internal static class TokenizerFactory
{
    /// <summary>What learns the vocabulary.</summary>
    public static IVocabularyTrainer CreateTrainer(TokenizeSequenceOptions options) => options.Tokenizer switch
    {
        TokenizerKind.Word => new WholeTokenTrainer(new WordSplitter(options.KeepPunctuation)),
        TokenizerKind.Character => new WholeTokenTrainer(new CharacterSplitter()),
        TokenizerKind.BytePair => new BytePairTrainer(options.KeepPunctuation),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Tokenizer, "is not a tokenizer"),
    };

    /// <summary>What turns texts into the vocabulary's keys.</summary>
    public static ITokenEncoder CreateEncoder(TokenizeSequenceOptions options, Vocabulary vocabulary) => options.Tokenizer switch
    {
        TokenizerKind.Word => new WholeTokenEncoder(new WordSplitter(options.KeepPunctuation), vocabulary),
        TokenizerKind.Character => new WholeTokenEncoder(new CharacterSplitter(), vocabulary),
        TokenizerKind.BytePair => new BytePairEncoder(vocabulary, options.KeepPunctuation),
        TokenizerKind.Pretrained => new PretrainedTokenEncoder(options.Pretrained!),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Tokenizer, "is not a tokenizer"),
    };
}

/// <summary>The keys of a pretrained tokenizer: each id and one more, since keys begin at 1.</summary>
internal sealed class PretrainedTokenEncoder(PretrainedTokenizer tokenizer) : ITokenEncoder
{
    private readonly SubwordEncoder _encoder = tokenizer.CreateEncoder();
    private readonly List<int> _ids = [];

    public void Encode(ReadOnlySpan<char> text, List<uint> keys)
    {
        _ids.Clear();
        _encoder.Encode(text, _ids);
        foreach (int id in _ids) keys.Add((uint)id + 1);
    }

    public void EncodePart(ReadOnlySpan<char> part, List<uint> keys)
    {
        _ids.Clear();
        _encoder.EncodePart(part, _ids);
        foreach (int id in _ids) keys.Add((uint)id + 1);
    }

    public void Spell(ReadOnlySpan<char> text, List<SpelledToken> tokens) => _encoder.Spell(text, tokens);

    public void SpellPart(ReadOnlySpan<char> part, List<SpelledToken> tokens) => _encoder.SpellPart(part, tokens);
}

/// <summary>Looks up each token of a splitter in the vocabulary.</summary>
internal sealed class WholeTokenEncoder(TextSplitter splitter, Vocabulary vocabulary) : ITokenEncoder
{
    public void Encode(ReadOnlySpan<char> text, List<uint> keys)
    {
        foreach (var token in splitter.Split(text)) keys.Add(vocabulary.Find(text.Slice(token.Start, token.Length)));
    }

    public void Spell(ReadOnlySpan<char> text, List<SpelledToken> tokens)
    {
        foreach (var token in splitter.Split(text))
        {
            var spelled = text.Slice(token.Start, token.Length);
            tokens.Add(new(spelled.ToString(), IsUnknown: vocabulary.Find(spelled) == 0));
        }
    }
}

/// <summary>The most frequent tokens of a splitter.</summary>
internal sealed class WholeTokenTrainer(TextSplitter splitter) : IVocabularyTrainer
{
    private readonly TokenCounter _counter = new();

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var token in splitter.Split(text)) _counter.Add(text.Slice(token.Start, token.Length));
    }

    public IEnumerable<string> Learn(int maxSize, int minCount) => _counter.MostFrequent(maxSize, minCount);

    public IEnumerable<string> Missing(IReadOnlySet<string> vocabulary, int minCount) => Learn(int.MaxValue, minCount).Where(token => !vocabulary.Contains(token));
}

/// <summary>Counts tokens; allocates only for tokens not seen before.</summary>
internal sealed class TokenCounter
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _countsBySpan;

    public TokenCounter() => _countsBySpan = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Each token with its count, in no order.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Add(ReadOnlySpan<char> token) => Add(token, 1);

    public void Add(ReadOnlySpan<char> token, long count) => CollectionsMarshal.GetValueRefOrAddDefault(_countsBySpan, token, out _) += count;

    /// <summary>The tokens seen at least <paramref name="minCount"/> times, the most frequent first, at most <paramref name="maxSize"/>.</summary>
    public IEnumerable<string> MostFrequent(int maxSize, int minCount) => _counts
        .Where(entry => entry.Value >= minCount)
        .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
        .Take(maxSize).Select(entry => entry.Key);
}
