namespace Microsoft.ML.Data;

/// <summary>A type whose values are plain: a number, a text, a key.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    protected PrimitiveDataViewType(Type rawType)
        : base(rawType)
    {
        if (typeof(IDisposable).IsAssignableFrom(rawType))
        {
            throw new ArgumentException($"A primitive type cannot hold the disposable {rawType}", nameof(rawType));
        }
    }
}
