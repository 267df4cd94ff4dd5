namespace MlAttention.Compat.Tests.Baseline;

/// <summary>The public and protected surface of one type, as text. Two types are the same API when their texts agree.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name within the namespace, with outer types and type parameters: <c>Outer.Inner&lt;T&gt;</c>.</param>
/// <param name="Declaration">Modifiers, kind and name; for a delegate the whole line.</param>
/// <param name="Constraints">The <c>where</c> clauses, or an empty string.</param>
/// <param name="Bases">The base class and the public interfaces that the type adds to its base class's.</param>
/// <param name="Members">Every declared member that can be seen from outside the assembly, one a text.</param>
internal sealed record ApiType(
    string Namespace,
    string Name,
    string Declaration,
    string Constraints,
    IReadOnlySet<string> Bases,
    IReadOnlySet<string> Members)
{
    /// <summary>Gets the namespace and name.</summary>
    public string FullName => Namespace + "." + Name;
}
