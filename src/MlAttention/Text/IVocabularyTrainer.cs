namespace MlAttention.Text;

/// <summary>Learns a vocabulary from normalised texts.</summary>
internal interface IVocabularyTrainer
{
    /// <summary>Takes one text into account.</summary>
    void Add(ReadOnlySpan<char> text);

    /// <summary>At most <paramref name="maxSize"/> tokens in the order of their keys, none seen fewer than <paramref name="minCount"/> times.</summary>
    IEnumerable<string> Learn(int maxSize, int minCount);
}
