using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlAttention.Core.Serving;

/// <summary>Options as JSON without reflection, so that they can be read after trimming and ahead-of-time compilation.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SequenceModelOptions))]
[JsonSerializable(typeof(TokenizeSequenceOptions))]
internal sealed partial class ServingJson : JsonSerializerContext
{
    /// <summary>Reads options; a property that the text lacks keeps its default.</summary>
    /// <remarks>Generated readers set an init-only property that is absent to zero, so the defaults are laid under the text.</remarks>
    /// <exception cref="JsonException">The text is not JSON of the options.</exception>
    public static T Read<T>(string text, JsonTypeInfo<T> type) where T : class, new()
    {
        var given = JsonNode.Parse(text) as JsonObject ?? throw new JsonException($"{typeof(T).Name} must be a JSON object.");
        var merged = JsonSerializer.SerializeToNode(new T(), type)!.AsObject();
        Lay(given, merged);
        return JsonSerializer.Deserialize(merged, type)!;
    }

    private static void Lay(JsonObject source, JsonObject target)
    {
        foreach (var (name, value) in source)
        {
            if (value is JsonObject inner && target[name] is JsonObject under) Lay(inner, under);
            else target[name] = value?.DeepClone();
        }
    }
}
