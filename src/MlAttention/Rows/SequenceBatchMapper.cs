namespace MlAttention.Rows;

/// <summary>A mapper over sequences of keys: collects those of a batch's rows as tokens, exactly as training does.</summary>
/// <param name="inputName">The sequence's column.</param>
/// <param name="vocabularySize">Number of keys V.</param>
/// <param name="model">Tells the longest sequence, which end of a longer one is kept, and whether CLS comes first; null takes sequences as they are.</param>
/// <param name="batchSize">Most rows at a time.</param>
internal abstract class SequenceBatchMapper(string inputName, int vocabularySize, SequenceModelOptions? model, int batchSize) : BatchMapper
{
    private readonly TokenMapper _mapper = model is null ? new TokenMapper(new SequenceCut(int.MaxValue, TruncationSide.KeepStart), vocabularySize) : new(model, vocabularySize);
    private readonly int[][] _tokens = new int[batchSize][];
    private readonly int[] _lengths = new int[batchSize];
    private readonly int[] _cut = new int[batchSize];
    private readonly int[] _textTokens = new int[batchSize];
    private int[] _padded = [];
    private TokenBatch? _batch;
    private KeyReader.ReadKeys _read = null!;

    public override void Bind(DataViewRow input) => _read = KeyReader.Vector(input, input.Schema[inputName]);

    public override void Read(int slot)
    {
        var keys = _read();
        Keep(slot, keys);
        _textTokens[slot] = keys.Length;
        _cut[slot] = _mapper.Cut(keys.Length);
        _lengths[slot] = _mapper.Length(keys.Length);
        if (_tokens[slot] is null || _tokens[slot].Length < _lengths[slot]) _tokens[slot] = new int[Math.Max(16, _lengths[slot])];
        _mapper.FromKeys(keys, _tokens[slot]);
    }

    /// <summary>Takes a copy of a row's keys, before they are cut, where a mapper needs them.</summary>
    protected virtual void Keep(int slot, ReadOnlySpan<int> keys) { }

    public sealed override int CutTokens(int slot) => _cut[slot];

    /// <summary>The tokens of a row, CLS included.</summary>
    protected ReadOnlySpan<int> Tokens(int slot) => _tokens[slot].AsSpan(0, _lengths[slot]);

    /// <summary>Tokens of a row's text, with those that were cut.</summary>
    protected int TextTokens(int slot) => _textTokens[slot];

    /// <summary>Where each token of a row's text stands in its sequence; -1 for those that were cut.</summary>
    protected int[] PlacesOf(int slot) => _mapper.Places(_textTokens[slot]);

    /// <summary>The padded batch of the first <paramref name="count"/> slots, in memory that is used again; valid until the next call.</summary>
    protected TokenBatch Build(int count)
    {
        var longest = 1;
        for (var row = 0; row < count; row++) longest = Math.Max(longest, _lengths[row]);
        if (_padded.Length < count * longest) _padded = new int[count * longest];
        for (var row = 0; row < count; row++)
        {
            var padded = _padded.AsSpan(row * longest, longest);
            Tokens(row).CopyTo(padded);
            padded[_lengths[row]..].Clear();
        }

        if (_batch is not { } batch || batch.Rows != count || batch.Length != longest)
            _batch = new TokenBatch { Rows = count, Length = longest, Tokens = _padded, Lengths = _lengths };
        return _batch;
    }
}
