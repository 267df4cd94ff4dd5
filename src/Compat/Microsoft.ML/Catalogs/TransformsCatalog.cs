namespace Microsoft.ML;

/// <summary>The catalog of transforms.</summary>
public sealed class TransformsCatalog
{
    internal TransformsCatalog()
    {
    }

    public ConversionTransforms Conversion { get; } = new();

    public TextTransforms Text { get; } = new();

    /// <summary>The catalog of conversions.</summary>
    public sealed class ConversionTransforms
    {
        internal ConversionTransforms()
        {
        }
    }

    /// <summary>The catalog of text transforms.</summary>
    public sealed class TextTransforms
    {
        internal TextTransforms()
        {
        }
    }
}
