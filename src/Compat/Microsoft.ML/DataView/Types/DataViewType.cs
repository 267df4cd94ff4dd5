using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>The type of a column; its raw type is what a getter of the column writes.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType)
    {
        Guard.NotNull(rawType, nameof(rawType));
        RawType = rawType;
    }

    public Type RawType { get; }

    public abstract bool Equals(DataViewType other);
}
