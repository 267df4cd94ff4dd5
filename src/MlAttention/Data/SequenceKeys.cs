using MlAttention.Architecture;
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

    /// <summary>The sequence of a text: CLS where the model has it, then what is kept of the text.</summary>
    public static int[] ToSequence(ReadOnlySpan<int> keys, int vocabularySize, SequenceModelOptions model, TruncationSide truncation)
    {
        var kept = Truncate(keys, model.MaxTextTokens, truncation);
        var tokens = new int[model.SpecialTokens + kept.Length];
        tokens.AsSpan(0, model.SpecialTokens).Fill(TokenIds.Cls(vocabularySize));
        ToTokens(kept, vocabularySize, tokens.AsSpan(model.SpecialTokens));
        return tokens;
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
            tokens[i] = key == 0 ? TokenIds.Unknown(vocabularySize) : key;
        }
    }
}
