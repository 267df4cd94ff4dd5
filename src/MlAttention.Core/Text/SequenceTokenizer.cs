using MlAttention.Core.Text.Subwords;

namespace MlAttention.Core.Text;

/// <summary>From a text, or the parts of one, to its keys: normalised, encoded, CLS before it, separators between parts, cut to the maximum between the special tokens. One instance serves one thread.</summary>
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
    private readonly TokenFrame? _frame;
    private readonly SequenceCut _partCut;
    private uint[] _cut = [];
    private int _parts;

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
        PartCount = options.PartCount;
        if (PartCount == 1) return;
        _frame = TokenFrame.Of(options, vocabulary);
        _partCut = new SequenceCut(_maxLength, _truncation, KeepBoundaries: _before > 0, (int)_frame.Separator);
    }

    /// <summary>The texts of a sequence.</summary>
    public int PartCount { get; }

    /// <summary>Texts cut so far.</summary>
    public long TruncatedRows { get; private set; }

    /// <summary>Tokens cut off so far.</summary>
    public long TruncatedTokens { get; private set; }

    /// <summary>The keys of a text of one part; valid until the next call.</summary>
    public ReadOnlySpan<uint> Tokenize(ReadOnlySpan<char> text)
    {
        _keys.Clear();
        if (_clsKey != 0) _keys.Add(_clsKey);
        _encoder.Encode(Normalize(text), _keys);

        var keys = CollectionsMarshal.AsSpan(_keys);
        if (_unknownKey != 0) keys.Replace(0u, _unknownKey);
        if (keys.Length <= _maxLength) return keys;
        Count(keys.Length);
        return Truncate(keys);
    }

    /// <summary>Begins a sequence of parts.</summary>
    public void Begin()
    {
        _keys.Clear();
        _parts = 0;
    }

    /// <summary>Adds the next part.</summary>
    public void Add(ReadOnlySpan<char> part)
    {
        _keys.AddRange(_parts++ == 0 ? _frame!.Before : _frame!.Between);
        int start = _keys.Count;
        _encoder.EncodePart(Normalize(part), _keys);
        CollectionsMarshal.AsSpan(_keys)[start..].Replace(_frame.Separator, 0u);
    }

    /// <summary>The keys of the parts added since <see cref="Begin"/>; valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer parts than the options have columns.</exception>
    public ReadOnlySpan<uint> End()
    {
        if (_parts != PartCount) throw new InvalidOperationException($"A sequence has {PartCount} parts; got {_parts}.");
        _keys.AddRange(_frame!.After);
        var keys = CollectionsMarshal.AsSpan(_keys);
        if (_unknownKey != 0) keys.Replace(0u, _unknownKey);
        if (keys.Length <= _maxLength) return keys;
        Count(keys.Length);
        if (_cut.Length < _maxLength) _cut = new uint[_maxLength];
        return _cut.AsSpan(0, _partCut.Copy(keys, _cut, _frame.Separator));
    }

    /// <summary>The tokens whose keys <see cref="Tokenize"/> gives, as texts; one without a key as it stands in the normalised text.</summary>
    public SpelledToken[] Spell(ReadOnlySpan<char> text)
    {
        List<SpelledToken> tokens = _cls is null ? [] : [new(_cls, IsUnknown: false)];
        _encoder.Spell(Normalize(text), tokens);
        var all = CollectionsMarshal.AsSpan(tokens);
        return (all.Length <= _maxLength ? all : Truncate(all)).ToArray();
    }

    /// <summary>The tokens of several parts, likewise.</summary>
    public SpelledToken[] Spell(IReadOnlyList<string> parts)
    {
        if (PartCount == 1) return Spell(parts.Single());
        var tokens = new List<SpelledToken>();
        var separator = new SpelledToken(_frame!.SeparatorText, IsUnknown: false);
        for (int part = 0; part < parts.Count; part++)
        {
            tokens.AddRange(part == 0 ? _frame.BeforeTexts.Select(text => new SpelledToken(text, false)) : Enumerable.Repeat(separator, _frame.Between.Length));
            int start = tokens.Count;
            _encoder.SpellPart(Normalize(parts[part]), tokens);
            foreach (ref var token in CollectionsMarshal.AsSpan(tokens)[start..])
                if (token == separator) token = token with { IsUnknown = true };
        }
        tokens.AddRange(_frame.AfterTexts.Select(text => new SpelledToken(text, false)));
        if (tokens.Count <= _maxLength) return [.. tokens];
        var kept = new SpelledToken[_maxLength];
        return kept[.._partCut.Copy(CollectionsMarshal.AsSpan(tokens), kept, separator)];
    }

    private ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) => _normalizer is null ? text : _normalizer.Normalize(text);

    private void Count(int tokens)
    {
        TruncatedRows++;
        TruncatedTokens += tokens - _maxLength;
    }

    private ReadOnlySpan<T> Truncate<T>(Span<T> tokens)
    {
        if (_truncation == TruncationSide.KeepEnd) tokens[.._before].CopyTo(tokens[^_maxLength..]);
        else tokens[^_after..].CopyTo(tokens[(_maxLength - _after)..]);
        return _truncation.Keep<T>(tokens, _maxLength);
    }
}
