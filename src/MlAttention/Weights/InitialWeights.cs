namespace MlAttention.Weights;

/// <summary>Weights of a file in place of those that follow from a seed.</summary>
internal static class InitialWeights
{
    /// <summary>The weights, with those of the file in place of the ones of the same name.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, is empty, has a weight that the model lacks, or has one in another shape.</exception>
    public static IReadOnlyList<WeightTensor> Over(IReadOnlyList<WeightTensor> weights, string path)
    {
        var given = SafetensorsFile.Read(path).ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        if (given.Count == 0) throw new InvalidDataException($"{path} has no weights.");
        foreach (var weight in given.Values)
        {
            var expected = weights.FirstOrDefault(other => other.Name == weight.Name)
                ?? throw new InvalidDataException($"{path}: the model has no weight '{weight.Name}'; it has {string.Join(", ", weights.Take(10).Select(other => $"'{other.Name}'"))}{(weights.Count > 10 ? ", ..." : "")}.");
            if (!weight.Shape.AsSpan().SequenceEqual(expected.Shape))
                throw new InvalidDataException($"{path}: weight '{weight.Name}' has shape [{string.Join(',', weight.Shape)}]; [{string.Join(',', expected.Shape)}] is needed{(expected.Name == "embedding.weight" ? ": a row for padding, for each token of the vocabulary, for unknown tokens and, with CLS pooling, for CLS" : "")}.");
        }
        return [.. weights.Select(weight => given.GetValueOrDefault(weight.Name, weight))];
    }
}
