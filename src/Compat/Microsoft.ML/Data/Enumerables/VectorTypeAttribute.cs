using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Gives a vector member's column its size or dimensions.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute()
        : this([])
    {
    }

    public VectorTypeAttribute(int size)
        : this([size])
    {
    }

    public VectorTypeAttribute(params int[] dimensions)
    {
        Guard.Param(dimensions.All(dimension => dimension >= 0), nameof(dimensions), "A dimension is 0 (not known) or more.");
        Dimensions = dimensions;
    }

    internal int[] Dimensions { get; }
}
