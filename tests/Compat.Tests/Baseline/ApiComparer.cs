namespace MlAttention.Compat.Tests.Baseline;

/// <summary>Compares a stand-in's types with the official listings. A stand-in may have less, never more and never something else.</summary>
internal static class ApiComparer
{
    /// <summary>Lists every type, base or member of the stand-in that the official API does not have, and every member it must not leave out.</summary>
    /// <param name="standIn">The stand-in's types.</param>
    /// <param name="official">The official types by full name.</param>
    public static IReadOnlyList<string> Differences(IEnumerable<ApiType> standIn, IReadOnlyDictionary<string, ApiType> official) =>
        standIn.OrderBy(t => t.FullName, StringComparer.Ordinal)
            .SelectMany(t => official.TryGetValue(t.FullName, out ApiType? known) ? Differences(t, known) : [$"{t.FullName}: no such type"])
            .ToArray();

    private static IEnumerable<string> Differences(ApiType standIn, ApiType official)
    {
        if (standIn.Declaration != official.Declaration || standIn.Constraints != official.Constraints)
        {
            yield return $"{standIn.FullName}: declared '{standIn.Declaration}{standIn.Constraints}', official '{official.Declaration}{official.Constraints}'";
        }
        foreach (string extra in standIn.Bases.Except(official.Bases).Order(StringComparer.Ordinal))
        {
            yield return $"{standIn.FullName}: the official type is no {extra}";
        }
        foreach (string extra in standIn.Members.Except(official.Members).Where(m => m != ApiPrinter.NoConstructor).Order(StringComparer.Ordinal))
        {
            yield return $"{standIn.FullName}: not in the official type: {extra}";
        }
        foreach (string missing in official.Members.Except(standIn.Members).Where(m => MustImplement(official, m)).Order(StringComparer.Ordinal))
        {
            yield return $"{standIn.FullName}: an implementation needs this too: {missing}";
        }
    }

    /// <summary>What derives from a type compiles against both only when the stand-in asks for every abstract member too.</summary>
    private static bool MustImplement(ApiType type, string member) =>
        type.Declaration.StartsWith("public interface ", StringComparison.Ordinal) || member.Contains(" abstract ", StringComparison.Ordinal);
}
