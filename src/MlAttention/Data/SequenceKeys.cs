using MlAttention.Training;

namespace MlAttention.Data;

/// <summary>From the keys of an ML.NET column to the tokens of the models; the same for training and for scoring.</summary>
internal static class SequenceKeys
{
    /// <summary>At most <paramref name="maxTokens"/> keys, from the side that is kept.</summary>
    public static ReadOnlySpan<int> Truncate(ReadOnlySpan<int> keys, int maxTokens, TruncationSide truncation)
    {
        if (keys.Length <= maxTokens) return keys;
        return truncation == TruncationSide.KeepStart ? keys[..maxTokens] : keys[^maxTokens..];
    }

    /// <summary>Keys 1..V stay as they are; key 0, a missing value inside a sequence, becomes the unknown token V + 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key is outside 0..V.</exception>
    public static void ToTokens(ReadOnlySpan<int> keys, int vocabularySize, Span<int> tokens)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i];
            if ((uint)key > (uint)vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(keys), $"The sequence has key {key}; the vocabulary's keys are 1 to {vocabularySize}, and 0 for a missing value.");
            tokens[i] = key == 0 ? vocabularySize + 1 : key;
        }
    }
}
