namespace MlAttention.Tests.Layers;

/// <summary>Marks a test that compares a layer, at some sizes, with a value worked out by hand.</summary>
/// <param name="layers">The layers.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HandSolvedAttribute(params Type[] layers) : Attribute
{
    public IReadOnlyList<Type> Layers => layers;
}
