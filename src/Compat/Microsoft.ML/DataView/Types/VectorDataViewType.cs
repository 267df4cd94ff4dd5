using System.Collections.Immutable;
using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A vector of primitive items, of a size fixed by the schema or (size 0) different in each row.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : this(itemType, ImmutableArray.Create(size))
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, ImmutableArray.Create(dimensions))
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(RawTypeOf(itemType))
    {
        Guard.Param(!dimensions.IsDefaultOrEmpty && dimensions.All(dimension => dimension >= 0), nameof(dimensions), "A vector has one or more dimensions of size 0 (not known) or more.");
        ItemType = itemType;
        Dimensions = dimensions;
        Size = dimensions.Aggregate(1, (size, dimension) => checked(size * dimension));
    }

    public ImmutableArray<int> Dimensions { get; }

    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The number of items, or 0 when it differs from row to row.</summary>
    public int Size { get; }

    public bool IsKnownSize => Size > 0;

    public override bool Equals(DataViewType other) =>
        other is VectorDataViewType vector && vector.ItemType.Equals(ItemType) && vector.Dimensions.SequenceEqual(Dimensions);

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => Dimensions.Aggregate(ItemType.GetHashCode(), HashCode.Combine);

    public override string ToString()
    {
        if (Dimensions.Length == 1)
        {
            return IsKnownSize ? $"Vector<{ItemType}, {Size}>" : $"Vector<{ItemType}>";
        }

        return $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(dimension => dimension > 0 ? $"{dimension}" : "*"))}>";
    }

    private static Type RawTypeOf(PrimitiveDataViewType itemType)
    {
        Guard.NotNull(itemType, nameof(itemType));
        return typeof(VBuffer<>).MakeGenericType(itemType.RawType);
    }
}
