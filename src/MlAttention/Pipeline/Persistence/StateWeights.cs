using MlAttention.Weights;

namespace MlAttention.Pipeline.Persistence;

/// <summary>Checks weights of a model file before anything is made of the sizes that the file claims.</summary>
internal static class StateWeights
{
    /// <exception cref="InvalidDataException">A weight is missing, has another shape, or is one too many.</exception>
    public static void Require(IReadOnlyList<WeightTensor> weights, IReadOnlyList<WeightShape> layout)
    {
        var shapes = weights.ToDictionary(weight => weight.Name, weight => weight.Shape, StringComparer.Ordinal);
        foreach (var (name, needed) in layout)
        {
            if (!shapes.Remove(name, out var shape)) throw new InvalidDataException($"The model lacks the weight '{name}' [{string.Join(',', needed)}].");
            if (!shape.AsSpan().SequenceEqual(needed))
                throw new InvalidDataException($"The model's weight '{name}' has shape [{string.Join(',', shape)}]; the sizes in the file need [{string.Join(',', needed)}].");
        }

        if (shapes.Count > 0) throw new InvalidDataException($"The model has the weight '{shapes.Keys.First()}', which its architecture does not have.");
    }
}
