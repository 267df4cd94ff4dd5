using Microsoft.ML.OnnxRuntime;

namespace MlAttention.Tests.Onnx;

/// <summary>A written model in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxSession(byte[] model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(model, options);
    }

    public InferenceSession Session => _session;

    /// <summary>Logits and probabilities, [rows,classes] or [rows,length,classes], of a batch of padded rows; no probabilities where the model gives a number.</summary>
    public (float[] Logits, float[] Probabilities) Run(long[] ids, long[] mask, int rows)
    {
        long[] shape = [rows, ids.Length / rows];
        using var tokens = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var real = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var run = new RunOptions();
        using var outputs = _session.Run(run, ["input_ids", "attention_mask"], [tokens, real], [.. _session.OutputNames]);
        Assert.Equal(new[] { "logits", "probabilities" }[..outputs.Count], _session.OutputNames);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs.Count == 1 ? [] : outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    public void Dispose() => _session.Dispose();
}
