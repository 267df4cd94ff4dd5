using MlAttention.Weights;

namespace MlAttention.Pipeline.Persistence;

/// <summary>Checks weights of a model file before anything is made of the sizes that the file claims.</summary>
internal static class StateWeights
{
    /// <exception cref="InvalidDataException">A weight is missing or has another shape.</exception>
    public static void Require(IReadOnlyList<WeightTensor> weights, IReadOnlyList<WeightShape> expected)
    {
        var shapes = weights.ToDictionary(weight => weight.Name, weight => weight.Shape, StringComparer.Ordinal);
        foreach (var (name, needed) in expected)
        {
            if (!shapes.TryGetValue(name, out var shape)) throw new InvalidDataException($"The model lacks the weight '{name}'.");
            if (!shape.AsSpan().SequenceEqual(needed))
                throw new InvalidDataException($"The model's weight '{name}' has shape [{string.Join(',', shape)}]; the sizes in the file need [{string.Join(',', needed)}].");
        }
    }
}
