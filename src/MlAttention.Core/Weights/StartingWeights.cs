using System.Text.Json.Nodes;

namespace MlAttention.Core.Weights;

/// <summary>Weights that a model can start from: a file's, a checkpoint's, a pretrained encoder's, or those of another model.</summary>
/// <param name="Place">What they are called in the log and in errors.</param>
/// <param name="Names">What the rows of the embedding and of the head stand for.</param>
/// <param name="Weights">The weights.</param>
internal sealed record StartingWeights(string Place, RowNames Names, IReadOnlyList<WeightTensor> Weights)
{
    /// <summary>The architecture that the weights belong to, as JSON; null where nothing says it.</summary>
    public JsonNode? Architecture { get; init; }

    /// <summary>Whether they are of a run that may not be over: a head that is to give numbers gives them in the run's scale then.</summary>
    public bool IsOfARun { get; init; }

    /// <summary>The weights of a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">The weights of the model that starts from them.</param>
    /// <exception cref="InvalidDataException">The file is damaged, is empty, or has a weight that the model lacks.</exception>
    public static StartingWeights OfFile(string path, IReadOnlyList<WeightShape> layout)
    {
        using var file = SafetensorsReader.Open(path);
        if (!file.Names.Any()) throw new InvalidDataException($"{path} has no weights.");
        RequireKnown(path, file.Names, layout);
        return new(path, RowNames.Read(file.Metadata, path), [.. file.Names.Select(file.Read)]);
    }

    /// <summary>Checks that a model has all weights of these names.</summary>
    /// <exception cref="InvalidDataException">It lacks one.</exception>
    public static void RequireKnown(string place, IEnumerable<string> names, IReadOnlyList<WeightShape> layout)
    {
        var known = layout.Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } other)
            throw new InvalidDataException($"{place}: the model has no weight '{other}'; it has {SafetensorsReader.List(layout.Select(weight => weight.Name))}.");
    }
}
