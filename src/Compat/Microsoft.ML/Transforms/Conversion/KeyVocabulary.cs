using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Distinct values in the order of their keys; the value at index i has key i + 1.</summary>
internal abstract class KeyVocabulary(PrimitiveDataViewType itemType)
{
    public PrimitiveDataViewType ItemType { get; } = itemType;

    public abstract int Count { get; }

    public static KeyVocabulary Create(PrimitiveDataViewType itemType) => itemType is TextDataViewType
        ? new KeyVocabulary<ReadOnlyMemory<char>>(itemType, TextComparer.Instance, TextComparer.Instance)
        : (KeyVocabulary)Generic.Call(typeof(KeyVocabulary), nameof(CreateOf), itemType.RawType, itemType);

    public abstract void Sort();

    /// <summary>Adds the values of a row's column that are new, as long as there are fewer than the maximum.</summary>
    public abstract Action CreateLearner(DataViewRow row, DataViewSchema.Column column, int maximum);

    /// <summary>Maps a row's column, scalar or vector, to keys.</summary>
    public abstract Delegate CreateMapper(DataViewRow row, DataViewSchema.Column column);

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText);

    public abstract void Save(ModelWriter writer);

    public abstract void Load(ModelReader reader);

    private static KeyVocabulary<T> CreateOf<T>(PrimitiveDataViewType itemType) => new(itemType, EqualityComparer<T>.Default, Comparer<T>.Default);
}
