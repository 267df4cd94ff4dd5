using MlAttention.Architecture;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Layers;

/// <summary>The weights of an untrained layer: those that a classifier of the same seed starts with, or those of a file.</summary>
internal static class LayerWeights
{
    /// <param name="layout">The layer's weights, named without the prefix.</param>
    /// <param name="prefix">What precedes the names in a classifier, such as "encoder.layers.0.self_attn.".</param>
    /// <param name="modelWidth">Width D.</param>
    /// <param name="seed">The seed, when there is no file.</param>
    /// <param name="path">A safetensors file, or null.</param>
    /// <returns>Weights, named without the prefix.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, lacks a weight, or has it in another shape.</exception>
    public static IReadOnlyList<WeightTensor> Of(IReadOnlyList<WeightShape> layout, string prefix, int modelWidth, int seed, string? path)
    {
        WeightShape[] named = [.. layout.Select(weight => weight with { Name = prefix + weight.Name })];
        var weights = path is null ? FromSeed(named, modelWidth, seed) : Read(path, named);
        return [.. weights.Select(weight => weight with { Name = weight.Name[prefix.Length..] })];
    }

    /// <summary>The weights that a classifier of this width and seed starts with.</summary>
    public static IReadOnlyList<WeightTensor> FromSeed(IReadOnlyList<WeightShape> layout, int modelWidth, int seed) =>
        WeightInitializer.Create(layout, new SequenceModelOptions { ModelWidth = modelWidth, Heads = 1 }, seed);

    private static IReadOnlyList<WeightTensor> Read(string path, WeightShape[] layout)
    {
        var weights = SafetensorsFile.Read(path, layout.Select(weight => weight.Name));
        foreach (var (weight, expected) in weights.Zip(layout))
            InitialWeights.RequireShape(weight, expected.Shape, path);
        return weights;
    }
}
