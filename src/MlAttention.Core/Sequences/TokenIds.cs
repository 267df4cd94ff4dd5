namespace MlAttention.Core.Sequences;

/// <summary>
/// What the numbers of a batch of tokens stand for, with V tokens in the vocabulary: 0 pads, 1 to V are the vocabulary's keys, V + 1 is any
/// unknown token, and V + 2 is CLS, which stands before the text where the pooling reads it.
/// </summary>
internal static class TokenIds
{
    /// <summary>The id of a token that is not in the vocabulary.</summary>
    public static int Unknown(int vocabularySize) => vocabularySize + 1;

    /// <summary>The id of CLS.</summary>
    public static int Cls(int vocabularySize) => vocabularySize + 2;

    /// <summary>Rows of the embedding that all ids of a model need.</summary>
    public static int EmbeddingRows(int vocabularySize, SequenceModelOptions model) => vocabularySize + 2 + model.SpecialTokens;

    /// <summary>Keys 1..V stay as they are; key 0, a missing value inside a sequence, becomes the unknown token. Both spans may be one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key is outside 0..V.</exception>
    public static void FromKeys(ReadOnlySpan<int> keys, int vocabularySize, Span<int> ids)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            int key = keys[i];
            if ((uint)key > (uint)vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(keys), $"The sequence has key {key}; the vocabulary's keys are 1 to {vocabularySize}, and 0 for a missing value.");
            ids[i] = key == 0 ? Unknown(vocabularySize) : key;
        }
    }

    /// <summary>A token as a reader of the report sees it.</summary>
    public static string Name(int id, IReadOnlyList<string> vocabulary) =>
        id <= vocabulary.Count ? vocabulary[id - 1] : id == Unknown(vocabulary.Count) ? "[unknown]" : "[CLS]";
}
