using MlAttention.Core.Text.Subwords;

namespace MlAttention.Core.Text;

/// <summary>From a text to its keys: normalised, encoded, CLS before it, cut to the maximum between the special tokens. One instance serves one thread.</summary>
internal sealed class SequenceTokenizer
{
    private readonly TextNormalizer? _normalizer;
    private readonly ITokenEncoder _encoder;
    private readonly List<uint> _keys = [];
    private readonly uint _unknownKey;
    private readonly uint _clsKey;
    private readonly string? _cls;
    private readonly int _maxLength;
    private readonly int _before;
    private readonly int _after;
    private readonly TruncationSide _truncation;

    public SequenceTokenizer(TokenizeSequenceOptions options, Vocabulary vocabulary)
    {
        _normalizer = options.Pretrained is null ? new TextNormalizer(options.UnicodeForm, options.LowerCase) : null;
        _encoder = TokenizerFactory.CreateEncoder(options, vocabulary);
        _unknownKey = options.UnknownToken is null ? 0 : vocabulary.Find(options.UnknownToken);
        _clsKey = options.ClsToken is null ? 0 : vocabulary.Find(options.ClsToken);
        _cls = options.ClsToken;
        _maxLength = options.MaxLength == 0 ? int.MaxValue : options.MaxLength;
        _truncation = options.Truncation;
        (_before, _after) = options.Pretrained?.Boundaries ?? (options.ClsToken is null ? 0 : 1, 0);
    }

    /// <summary>Texts cut so far.</summary>
    public long TruncatedRows { get; private set; }

    /// <summary>Tokens cut off so far.</summary>
    public long TruncatedTokens { get; private set; }

    /// <summary>The keys of a text; valid until the next call.</summary>
    public ReadOnlySpan<uint> Tokenize(ReadOnlySpan<char> text)
    {
        _keys.Clear();
        if (_clsKey != 0) _keys.Add(_clsKey);
        _encoder.Encode(_normalizer is null ? text : _normalizer.Normalize(text), _keys);

        var keys = CollectionsMarshal.AsSpan(_keys);
        if (_unknownKey != 0) keys.Replace(0u, _unknownKey);
        if (keys.Length <= _maxLength) return keys;
        TruncatedRows++;
        TruncatedTokens += keys.Length - _maxLength;
        return Truncate(keys);
    }

    /// <summary>The tokens whose keys <see cref="Tokenize"/> gives, as texts; one without a key as it stands in the normalised text.</summary>
    public SpelledToken[] Spell(ReadOnlySpan<char> text)
    {
        List<SpelledToken> tokens = _cls is null ? [] : [new(_cls, IsUnknown: false)];
        _encoder.Spell(_normalizer is null ? text : _normalizer.Normalize(text), tokens);
        var all = CollectionsMarshal.AsSpan(tokens);
        return (all.Length <= _maxLength ? all : Truncate(all)).ToArray();
    }

    private ReadOnlySpan<T> Truncate<T>(Span<T> tokens)
    {
        if (_truncation == TruncationSide.KeepEnd) tokens[.._before].CopyTo(tokens[^_maxLength..]);
        else tokens[^_after..].CopyTo(tokens[(_maxLength - _after)..]);
        return _truncation.Keep<T>(tokens, _maxLength);
    }
}
