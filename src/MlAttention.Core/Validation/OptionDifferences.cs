using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlAttention.Core.Validation;

/// <summary>An option that two records have with different values; one of a record inside another has its name before a dot.</summary>
internal readonly record struct OptionDifference(string Name, string Mine, string Theirs);

/// <summary>Compares two records of options that are written as JSON, so that a new option is compared without being listed.</summary>
internal static class OptionDifferences
{
    /// <summary>The values that differ. An option that the other version did not know was as it is by default.</summary>
    /// <param name="mine">The record of this run.</param>
    /// <param name="theirs">The other record.</param>
    /// <param name="usual">The record with all defaults.</param>
    public static IEnumerable<OptionDifference> Between(JsonNode? mine, JsonNode? theirs, JsonNode? usual) => Between("", mine, theirs, usual);

    private static IEnumerable<OptionDifference> Between(string name, JsonNode? mine, JsonNode? theirs, JsonNode? usual)
    {
        if (mine is JsonObject record && theirs is JsonObject other)
            return record.Select(property => property.Key).Union(other.Select(property => property.Key))
                .SelectMany(key => Between(name.Length == 0 ? key : $"{name}.{key}", record[key], other.ContainsKey(key) ? other[key] : usual?[key], usual?[key]));
        return JsonNode.DeepEquals(mine, theirs) ? [] : [new(name, Text(mine), Text(theirs))];
    }

    private static string Text(JsonNode? value) => value is null ? "none" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
