using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Weights;

/// <summary>A file with the weights of a torch.nn.TransformerEncoder, an input and its output, written by Golden/make_golden_safetensors.py.</summary>
public sealed class PyTorchFileTests
{
    private static readonly string _path = Path.Combine(AppContext.BaseDirectory, "Golden", "transformer_encoder.safetensors");

    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 2, FeedForwardWidth = 7, Layers = 2, Dropout = 0 };

    [Fact]
    public void Set_EncoderOfPyTorch_ComputesItsOutput()
    {
        using var scope = NewDisposeScope();
        var (weights, samples) = Read();
        using var encoder = new AttentionEncoder(_options);

        ModuleWeights.Set(encoder, weights);
        var real = samples["real_tokens"].gt(0);
        var output = encoder.call(samples["x"], real).masked_fill(real.logical_not().unsqueeze(2), 0);

        TensorAssert.Close(samples["output"], output);
    }

    [Fact]
    public void Write_WhatPyTorchWrote_IsTheSameFileByteForByte()
    {
        using var written = new MemoryStream();

        SafetensorsFile.Write(written, SafetensorsFile.Read(_path, out var metadata), metadata);

        Assert.Equal("pt", metadata["format"]);
        Assert.Equal(File.ReadAllBytes(_path), written.ToArray());
    }

    [Fact]
    public void Get_Encoder_HasPyTorchsNamesAndShapes()
    {
        using var encoder = new AttentionEncoder(_options);
        Assert.Equal(Describe(Read().Weights), Describe(ModuleWeights.Get(encoder)));

        static IEnumerable<string> Describe(IEnumerable<WeightTensor> weights) =>
            weights.Select(weight => $"{weight.Name} [{string.Join(',', weight.Shape)}]").Order(StringComparer.Ordinal);
    }

    private static (IReadOnlyList<WeightTensor> Weights, Dictionary<string, Tensor> Samples) Read()
    {
        var all = SafetensorsFile.Read(_path).ToLookup(weight => weight.Name is "x" or "real_tokens" or "output");
        return ([.. all[false]], all[true].ToDictionary(sample => sample.Name, sample => tensor(sample.Values, Array.ConvertAll(sample.Shape, size => (long)size))));
    }
}
