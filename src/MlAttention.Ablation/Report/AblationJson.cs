using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MlAttention.Ablation.Report;

/// <summary>How plans, runs and reports are written as JSON: camelCase names, enums by name, numbers that read back exactly.</summary>
internal static class AblationJson
{
    /// <summary>The options of a model that every report gives, in this order.</summary>
    private static readonly string[] s_modelOptions =
    [
        "positions", "positionDetails", "encoder", "modelWidth", "heads", "layers", "feedForwardWidth", "maxLength", "mask", "windowRadius",
        "score", "temperature", "algorithm", "checkpointLayers", "norm", "layerNormEpsilon", "activation", "pooling", "dropout",
    ];

    /// <summary>The options of positions that came later.</summary>
    private static readonly string[] s_laterPositionOptions = ["learnedOffset", "learnedRows"];

    /// <summary>On one line.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>For people.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = indented,
        NewLine = "\n",
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepModelsReadable } },
    };

    /// <summary>Reports of different versions compare line by line: an option that came later is written where it is not the default.</summary>
    private static void KeepModelsReadable(JsonTypeInfo type)
    {
        if (type.Type == typeof(PositionOptions)) LeaveOut(type.Properties.Where(option => s_laterPositionOptions.Contains(option.Name)), new PositionOptions());
        if (type.Type != typeof(SequenceModelOptions)) return;
        foreach (var option in type.Properties)
        {
            if (option.Name == "gradientCheckpointing") option.Name = "checkpointLayers";
            int order = Array.IndexOf(s_modelOptions, option.Name);
            option.Order = order >= 0 ? order : s_modelOptions.Length;
        }
        LeaveOut(type.Properties.Where(option => option.Order == s_modelOptions.Length), new SequenceModelOptions());
    }

    /// <summary>Leaves options out where they are as in the defaults.</summary>
    private static void LeaveOut(IEnumerable<JsonPropertyInfo> options, object defaults)
    {
        foreach (var option in options)
        {
            object? usual = option.Get!(defaults);
            option.ShouldSerialize = (_, value) => !Equals(value, usual);
        }
    }
}
