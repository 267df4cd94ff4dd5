using MlAttention.Encoders;
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
        var named = layout.Select(weight => weight with { Name = prefix + weight.Name }).ToArray();
        var weights = path is null
            ? WeightInitializer.Create(named, new SequenceModelOptions { ModelWidth = modelWidth, Heads = 1 }, seed)
            : Read(path, named);
        return [.. weights.Select(weight => weight with { Name = weight.Name[prefix.Length..] })];
    }

    private static WeightTensor[] Read(string path, WeightShape[] layout)
    {
        var weights = SafetensorsFile.Read(path).ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        return [.. layout.Select(expected =>
        {
            if (!weights.TryGetValue(expected.Name, out var weight))
                throw new InvalidDataException($"{path} has no weight '{expected.Name}'; it has {string.Join(", ", weights.Keys.Take(10).Select(name => $"'{name}'"))}.");
            return weight.Shape.AsSpan().SequenceEqual(expected.Shape) ? weight
                : throw new InvalidDataException($"{path}: weight '{expected.Name}' has shape [{string.Join(',', weight.Shape)}]; [{string.Join(',', expected.Shape)}] is needed.");
        })];
    }
}
