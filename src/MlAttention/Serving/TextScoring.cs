using System.Runtime.InteropServices;
using MlAttention.Data;
using MlAttention.Engines;
using MlAttention.Text;
using MlAttention.Training;

namespace MlAttention.Serving;

/// <summary>One thread's memory between a text and its probabilities, used again for every text.</summary>
internal sealed class TextScoring
{
    private readonly SequenceTokenizer _tokenizer;
    private readonly ISequenceScorer _scorer;
    private readonly TruncationSide _truncation;
    private readonly int _vocabularySize;
    private readonly int _first;
    private readonly TokenBatch _batch;
    private readonly float[] _probabilities;

    public TextScoring(TextClassifierParts parts, Vocabulary vocabulary, ISequenceScorer scorer)
    {
        _tokenizer = new SequenceTokenizer(parts.Tokenizer, vocabulary);
        _scorer = scorer;
        _truncation = parts.Architecture.Truncation;
        _vocabularySize = vocabulary.Size;
        int length = parts.Architecture.MaxLength;
        _batch = new TokenBatch { Rows = 1, Length = length, Tokens = new int[length], Lengths = new int[1] };
        _first = parts.Architecture.SpecialTokens;
        if (_first > 0) _batch.Tokens[0] = TokenIds.Cls(_vocabularySize);
        _probabilities = new float[parts.Labels.Count];
    }

    /// <summary>The probability of each label; valid until the next call.</summary>
    public ReadOnlySpan<float> Score(ReadOnlySpan<char> text, out bool truncated)
    {
        long before = _tokenizer.TruncatedRows;
        var keys = MemoryMarshal.Cast<uint, int>(_tokenizer.Tokenize(text));
        var kept = SequenceKeys.Truncate(keys, _batch.Length - _first, _truncation);
        truncated = kept.Length < keys.Length || _tokenizer.TruncatedRows > before;
        SequenceKeys.ToTokens(kept, _vocabularySize, _batch.Tokens.AsSpan(_first));
        _batch.Lengths[0] = kept.Length + _first;
        _scorer.Score(_batch, _probabilities);
        Softmax.InPlace(_probabilities);
        return _probabilities;
    }
}
