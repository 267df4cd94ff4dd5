namespace Microsoft.ML;

/// <summary>The catalog of transforms.</summary>
public sealed class TransformsCatalog
{
    internal TransformsCatalog()
    {
    }

    public ConversionTransforms Conversion { get; } = new();

    /// <summary>The catalog of conversions.</summary>
    public sealed class ConversionTransforms
    {
        internal ConversionTransforms()
        {
        }
    }
}
