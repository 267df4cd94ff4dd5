using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace MlAttention.Tests.Onnx;

/// <summary>What a program without this library reads from a written model.</summary>
internal static class OnnxLabels
{
    /// <summary>The labels in the order of the classes.</summary>
    public static string[] Of(string path)
    {
        using var session = new InferenceSession(path);
        return JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["mlattention.labels"])!;
    }
}
