using Microsoft.ML;
using MlAttention.Architecture;
using MlAttention.Data;
using MlAttention.Engines;
using MlAttention.Training;

namespace MlAttention.Pipeline.Rows;

/// <summary>Collects the sequences of a batch's rows and makes padded batches of tokens, exactly as training does.</summary>
internal sealed class SequenceBatch(SequenceModelOptions model, int vocabularySize, TruncationSide truncation, int batchSize)
{
    private readonly int[][] _tokens = new int[batchSize][];
    private readonly int[] _lengths = new int[batchSize];
    private readonly int[] _cut = new int[batchSize];
    private int[] _padded = [];
    private TokenBatch? _batch;
    private KeyReader.ReadKeys _read = null!;

    /// <summary>Makes the getter of the sequence's column.</summary>
    public void Bind(DataViewRow input, DataViewSchema.Column column) => _read = KeyReader.Vector(input, column);

    /// <summary>Copies the current row's sequence to a slot.</summary>
    public void Read(int slot)
    {
        var keys = _read();
        var kept = SequenceKeys.Truncate(keys, model.MaxTextTokens, truncation);
        _cut[slot] = keys.Length - kept.Length;

        var first = model.SpecialTokens;
        _lengths[slot] = kept.Length + first;
        if (_tokens[slot] is null || _tokens[slot].Length < _lengths[slot]) _tokens[slot] = new int[Math.Max(16, _lengths[slot])];
        if (first > 0) _tokens[slot][0] = TokenIds.Cls(vocabularySize);
        SequenceKeys.ToTokens(kept, vocabularySize, _tokens[slot].AsSpan(first));
    }

    /// <summary>Tokens that were cut off a row.</summary>
    public int CutTokens(int slot) => _cut[slot];

    /// <summary>Tokens of a row, CLS included.</summary>
    public int Length(int slot) => _lengths[slot];

    /// <summary>The padded batch of the first <paramref name="count"/> slots, in memory that is used again; valid until the next call.</summary>
    public TokenBatch Build(int count)
    {
        var longest = 1;
        for (var row = 0; row < count; row++) longest = Math.Max(longest, _lengths[row]);
        if (_padded.Length < count * longest) _padded = new int[count * longest];
        for (var row = 0; row < count; row++)
        {
            var padded = _padded.AsSpan(row * longest, longest);
            _tokens[row].AsSpan(0, _lengths[row]).CopyTo(padded);
            padded[_lengths[row]..].Clear();
        }

        if (_batch is not { } batch || batch.Rows != count || batch.Length != longest)
            _batch = new TokenBatch { Rows = count, Length = longest, Tokens = _padded, Lengths = _lengths };
        return _batch;
    }
}
