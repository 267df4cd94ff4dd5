namespace MlAttention.Core.Text;

/// <summary>From a text to its keys: normalised, encoded, CLS before it, cut to the maximum. One instance serves one thread.</summary>
internal sealed class SequenceTokenizer
{
    private readonly TextNormalizer _normalizer;
    private readonly ITokenEncoder _encoder;
    private readonly List<uint> _keys = [];
    private readonly uint _unknownKey;
    private readonly uint _clsKey;
    private readonly int _maxLength;
    private readonly TruncationSide _truncation;

    public SequenceTokenizer(TokenizeSequenceOptions options, Vocabulary vocabulary)
    {
        _normalizer = new TextNormalizer(options.UnicodeForm, options.LowerCase);
        _encoder = TokenizerFactory.CreateEncoder(options, vocabulary);
        _unknownKey = options.UnknownToken is null ? 0 : vocabulary.Find(options.UnknownToken);
        _clsKey = options.ClsToken is null ? 0 : vocabulary.Find(options.ClsToken);
        _maxLength = options.MaxLength == 0 ? int.MaxValue : options.MaxLength;
        _truncation = options.Truncation;
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
        _encoder.Encode(_normalizer.Normalize(text), _keys);

        var keys = CollectionsMarshal.AsSpan(_keys);
        if (_unknownKey != 0) keys.Replace(0u, _unknownKey);
        return keys.Length <= _maxLength ? keys : Truncate(keys);
    }

    private ReadOnlySpan<uint> Truncate(Span<uint> keys)
    {
        TruncatedRows++;
        TruncatedTokens += keys.Length - _maxLength;
        if (_truncation == TruncationSide.KeepEnd && _clsKey != 0) keys[^_maxLength] = _clsKey;
        return _truncation.Keep<uint>(keys, _maxLength);
    }
}
