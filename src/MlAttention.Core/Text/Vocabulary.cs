using System.Text;

namespace MlAttention.Core.Text;

/// <summary>The tokens with a key: the token at index i has key i + 1; key 0 is a token that is not here. Thread-safe.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, uint> _keys;
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _keysBySpan;

    /// <exception cref="ArgumentException">There are no tokens, one is empty, or one is there twice.</exception>
    public Vocabulary(IReadOnlyList<string> tokens)
    {
        if (tokens.Count == 0) throw new ArgumentException("A vocabulary needs at least one token.", nameof(tokens));
        Tokens = tokens;
        _keys = new Dictionary<string, uint>(tokens.Count, StringComparer.Ordinal);
        _keysBySpan = _keys.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (string.IsNullOrEmpty(tokens[i])) throw new ArgumentException($"Token {i + 1} of the vocabulary is empty.", nameof(tokens));
            if (!_keys.TryAdd(tokens[i], (uint)i + 1)) throw new ArgumentException($"Token {i + 1} of the vocabulary, '{tokens[i]}', is there already with key {_keys[tokens[i]]}.", nameof(tokens));
        }
    }

    /// <summary>The tokens in the order of their keys.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Number of tokens V.</summary>
    public int Size => Tokens.Count;

    /// <summary>The key of a token, or 0 when it has none.</summary>
    public uint Find(ReadOnlySpan<char> token) => _keysBySpan.TryGetValue(token, out uint key) ? key : 0;
}

/// <summary>Makes the vocabulary that the options describe, from texts or from a file.</summary>
internal sealed class VocabularyLearner(TokenizeSequenceOptions options)
{
    private readonly TextNormalizer _normalizer = new(options.UnicodeForm, options.LowerCase);
    private readonly IVocabularyTrainer _trainer = TokenizerFactory.CreateTrainer(options);

    /// <summary>Takes a text into account.</summary>
    public void Add(ReadOnlySpan<char> text) => _trainer.Add(_normalizer.Normalize(text));

    /// <summary>Tokens of the texts that an initial vocabulary lacks and that found no place, because MaxSize are there.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The special tokens, then the learned ones; or the initial vocabulary, then the tokens that it lacks.</summary>
    /// <exception cref="InvalidOperationException">The texts have no token.</exception>
    /// <exception cref="ArgumentException">The initial vocabulary has an empty token, or one twice.</exception>
    public Vocabulary Learn()
    {
        if (options.InitialVocabulary is { } initial) return GoOn(initial);
        string[] special = options.SpecialTokens.ToArray();
        string[] learned = _trainer.Learn(options.MaxSize - special.Length, options.MinCount).Where(token => !special.Contains(token)).ToArray();
        if (learned.Length == 0)
            throw new InvalidOperationException($"{(options.PartCount == 1 ? "The column" : "None of the columns")} {string.Join(", ", options.Inputs.Select(name => $"'{name}'"))} has {(options.PartCount == 1 ? "no" : "a")} token that occurs at least MinCount = {options.MinCount} times, so there is no vocabulary. Are the texts empty?");
        return new Vocabulary([.. special, .. learned]);
    }

    private Vocabulary GoOn(IReadOnlyList<string> initial)
    {
        string[] kept = [.. options.SpecialTokens.Except(initial), .. initial];
        string[] missing = [.. _trainer.Missing(kept.ToHashSet(StringComparer.Ordinal), options.MinCount)];
        int places = Math.Clamp(options.MaxSize - kept.Length, 0, missing.Length);
        LeftOut = missing.Length - places;
        return new Vocabulary([.. kept, .. missing[..places]]);
    }

    /// <summary>The vocabulary of a file with one token a line.</summary>
    /// <exception cref="InvalidDataException">The file is not UTF-8, has no token, an empty line, or a token twice.</exception>
    public static Vocabulary Read(string path, TokenizeSequenceOptions options)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{path}: the vocabulary file is not UTF-8.", exception);
        }
        try
        {
            return new Vocabulary([.. options.SpecialTokens.Except(lines), .. lines]);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }
}
