using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>Brings the parameters of golden cases into modules, and compares gradients by name.</summary>
internal static class GoldenWeights
{
    /// <summary>The tensors of an object of the case as weights, renamed where PyTorch's reference calls them otherwise.</summary>
    public static IReadOnlyList<WeightTensor> Weights(this GoldenCase golden, string path, Func<string, string>? rename = null)
    {
        using var scope = NewDisposeScope();
        return [.. golden.Tensors(path).Select(entry => new WeightTensor(
            rename?.Invoke(entry.Key) ?? entry.Key,
            Array.ConvertAll(entry.Value.shape, size => (int)size),
            Array.ConvertAll(TensorAssert.Values(entry.Value), value => (float)value)))];
    }

    /// <summary>Every parameter of the module has its gradient in the file, and equals it.</summary>
    public static void AssertGoldenGradients(this nn.Module module, Dictionary<string, Tensor> expected, Func<string, string>? rename = null)
    {
        var renamed = expected.ToDictionary(entry => rename?.Invoke(entry.Key) ?? entry.Key, entry => entry.Value);
        var parameters = module.named_parameters().ToList();
        Assert.Equal(renamed.Keys.Order(StringComparer.Ordinal), parameters.Select(entry => entry.Item1).Order(StringComparer.Ordinal));
        foreach (var (name, parameter) in parameters) TensorAssert.Close(renamed[name], parameter.grad!, what: $"gradient of {name}");
    }
}
