namespace Microsoft.ML.Data;

/// <summary>A type whose values have parts, such as a vector.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    protected StructuredDataViewType(Type rawType)
        : base(rawType)
    {
    }
}
