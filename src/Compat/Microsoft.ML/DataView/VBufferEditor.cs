using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Opens a vector for writing, reusing the arrays that it already has.</summary>
public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination) =>
        Create(ref destination, destination.Length, destination.GetValues().Length);

    /// <param name="destination">The vector whose arrays are reused.</param>
    /// <param name="newLogicalLength">The length to be.</param>
    /// <param name="valuesCount">The number of explicit values; fewer than the length makes a sparse vector.</param>
    /// <param name="maxValuesCapacity">The most to allocate.</param>
    /// <param name="keepOldOnResize">Whether values survive when larger arrays are allocated.</param>
    /// <param name="requireIndicesOnDense">Whether indices are wanted although the vector is dense.</param>
    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        Guard.Param(newLogicalLength >= 0, nameof(newLogicalLength), "Must be non-negative.");
        int count = valuesCount ?? newLogicalLength;
        Guard.Param(count >= 0 && count <= newLogicalLength, nameof(valuesCount), "Must be between 0 and newLogicalLength.");
        int capacity = maxValuesCapacity ?? Array.MaxLength;
        bool indexed = requireIndicesOnDense || count < newLogicalLength;
        T[] values = Sized(destination.ValueArray, count, capacity, keepOldOnResize, out bool newValues);
        bool newIndices = false;
        int[] indices = indexed ? Sized(destination.IndexArray, count, capacity, keepOldOnResize, out newIndices) : destination.IndexArray;
        return new VBufferEditor<T>(newLogicalLength, count, values, indices, indexed, newValues, newIndices);
    }

    private static TItem[] Sized<TItem>(TItem[] array, int size, int capacity, bool keep, out bool created)
    {
        created = (array?.Length ?? 0) < size;
        if (!created)
        {
            return array;
        }

        Guard.Param(size <= capacity, "maxValuesCapacity", $"{size} values do not fit into {capacity}.");
        var larger = new TItem[Math.Min(capacity, Math.Max(size, keep ? 2 * array?.Length ?? 0 : 0))];
        if (keep)
        {
            array?.CopyTo(larger, 0);
        }

        return larger;
    }
}
