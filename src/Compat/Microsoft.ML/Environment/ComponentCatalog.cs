namespace Microsoft.ML.Runtime;

/// <summary>The components that a model file may name; the stand-in knows its own and takes no others.</summary>
public sealed class ComponentCatalog
{
    internal ComponentCatalog()
    {
    }
}
