namespace MlAttention.Core.Explanations;

/// <summary>The token that stands for one that is not there.</summary>
internal static class BaselineToken
{
    /// <summary>What pretrained encoders call the token behind which words are hidden, and the one for words that they do not know; the first found is taken.</summary>
    private static readonly string[] s_hidden = ["[MASK]", "<mask>", "[UNK]", "<unk>"];

    /// <summary>Its id in a batch.</summary>
    /// <param name="baseline">What is asked for.</param>
    /// <param name="model">The model.</param>
    /// <param name="vocabularySize">Number of keys V.</param>
    /// <param name="vocabulary">The tokens in the order of their keys; null when nothing says what they are.</param>
    public static int Of(ExplanationBaseline baseline, SequenceModelOptions model, int vocabularySize, IReadOnlyList<string>? vocabulary)
    {
        if (baseline == ExplanationBaseline.Zero) return 0;
        if (!model.KeepBoundaries || vocabulary is null) return TokenIds.Unknown(vocabularySize);
        int[] keys = [.. s_hidden.Select(token => IndexOf(vocabulary, token) + 1).Where(key => key > 0)];
        return keys is [var first, ..] ? first : TokenIds.Unknown(vocabularySize);
    }

    private static int IndexOf(IReadOnlyList<string> vocabulary, string token)
    {
        for (int i = 0; i < vocabulary.Count; i++)
            if (vocabulary[i] == token) return i;
        return -1;
    }
}
