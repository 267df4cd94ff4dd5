namespace MlAttention.Core.Weights;

/// <summary>
/// Weights of a file in place of those that follow from a seed. Rows that both sides know by name, tokens and labels, are matched by it;
/// all others go by their places.
/// </summary>
internal static class InitialWeights
{
    /// <summary>Checks that weights can stand in place of a model's weights of the same name.</summary>
    /// <exception cref="ArgumentException">The model lacks a weight, or has it in another shape; the message lists all such.</exception>
    public static void RequireFit(IReadOnlyList<WeightShape> layout, IReadOnlyList<WeightTensor> given)
    {
        var shapes = layout.ToDictionary(weight => weight.Name, weight => weight.Shape, StringComparer.Ordinal);
        string[] errors =
        [
            .. given.Where(weight => !shapes.ContainsKey(weight.Name)).Select(weight => $"the model has no weight '{weight.Name}'"),
            .. given.Where(weight => shapes.TryGetValue(weight.Name, out int[]? shape) && !weight.Shape.AsSpan().SequenceEqual(shape))
                .Select(weight => $"'{weight.Name}' must have shape [{string.Join(',', shapes[weight.Name])}], got [{string.Join(',', weight.Shape)}]"),
            .. given.CountBy(weight => weight.Name).Where(name => name.Value > 1).Select(name => $"'{name.Key}' is given more than once"),
        ];
        if (errors.Length > 0) throw new ArgumentException($"The initial weights do not fit the model: {string.Join("; ", errors)}.");
    }

    /// <summary>A model's weights, with those of the file in place of the ones of the same name.</summary>
    /// <param name="weights">The weights from the seed.</param>
    /// <param name="path">A safetensors file.</param>
    /// <param name="names">What the model's rows stand for.</param>
    /// <param name="log">Receives a line: how many weights and rows came from the file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, is empty, has a weight that the model lacks, or has one in another shape.</exception>
    public static IReadOnlyList<WeightTensor> Over(IReadOnlyList<WeightTensor> weights, string path, RowNames names, Action<string>? log)
    {
        using var file = SafetensorsReader.Open(path);
        if (!file.Names.Any()) throw new InvalidDataException($"{path} has no weights.");
        var known = weights.Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        if (file.Names.FirstOrDefault(name => !known.Contains(name)) is { } other)
            throw new InvalidDataException($"{path}: the model has no weight '{other}'; it has {SafetensorsReader.List(weights.Select(weight => weight.Name))}.");

        var theirs = RowNames.Read(file.Metadata, path);
        var rows = new List<string>();
        WeightTensor[] merged = [.. weights.Select(weight => file.Has(weight.Name) ? Lay(file.Read(weight.Name), theirs, weight, names, path, rows.Add) : weight)];
        log?.Invoke(FormattableString.Invariant($"Initial weights: {file.Names.Count()} of {weights.Count} from {path}, the others from the seed.{string.Concat(rows.Select(line => $" {line}"))}"));
        return merged;
    }

    /// <summary>The vectors of a vocabulary's tokens, with those of the file in their place.</summary>
    /// <param name="embedding">The embedding from the seed.</param>
    /// <param name="path">A safetensors file.</param>
    /// <param name="name">The name of the vectors in the file; its other tensors may be anything.</param>
    /// <param name="names">What the embedding's rows stand for.</param>
    /// <param name="log">Receives a line: how many rows came from the file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, lacks the vectors, or has them in another shape.</exception>
    public static WeightTensor Embedding(WeightTensor embedding, string path, string name, RowNames names, Action<string> log)
    {
        using var file = SafetensorsReader.Open(path);
        return Lay(file.Read(name), RowNames.Read(file.Metadata, path), embedding, names, path, line => log($"{path}: {line}"));
    }

    /// <exception cref="InvalidDataException">The weight has another shape.</exception>
    public static void RequireShape(WeightTensor weight, int[] shape, string path, string hint = "")
    {
        if (!weight.Shape.AsSpan().SequenceEqual(shape))
            throw new InvalidDataException($"{path}: weight '{weight.Name}' has shape [{string.Join(',', weight.Shape)}]; [{string.Join(',', shape)}] is needed{hint}.");
    }

    /// <summary>A weight with the rows of a file's weight: those of the same names where both sides name them, or else all.</summary>
    private static WeightTensor Lay(WeightTensor given, RowNames theirs, WeightTensor weight, RowNames names, string path, Action<string> tell)
    {
        var own = names.Of(weight.Name, weight.Shape[0], path);
        var others = given.Shape.Length > 0 ? theirs.Of(weight.Name, given.Shape[0], path) : null;
        if (own is not null && others is not null)
        {
            RequireShape(given, [others.Length, .. weight.Shape[1..]], path);
            return Match(given, others, weight, own, tell);
        }

        RequireShape(given, weight.Shape, path, weight.Name == WeightLayout.EmbeddingName ? ": a row for padding, for each token of the vocabulary, for unknown tokens and, with CLS pooling, for CLS" : "");
        if (RowNames.KindOf(weight.Name) is { } kind) tell($"{given.Name}: rows taken by their places, since the {(own is null ? "data" : "file")} does not say which {kind} they stand for.");
        return given with { Name = weight.Name };
    }

    private static WeightTensor Match(WeightTensor given, RowName[] others, WeightTensor weight, RowName[] own, Action<string> tell)
    {
        var places = new Dictionary<RowName, int>();
        for (int row = 0; row < others.Length; row++) places.TryAdd(others[row], row);

        float[] values = weight.Values.ToArray();
        int width = values.Length / own.Length, found = 0;
        for (int row = 0; row < own.Length; row++)
        {
            if (!places.TryGetValue(own[row], out int place)) continue;
            given.Values.AsSpan(place * width, width).CopyTo(values.AsSpan(row * width));
            if (!own[row].IsSpecial) found++;
        }
        tell(FormattableString.Invariant($"{given.Name}: {found} of {own.Count(name => !name.IsSpecial)} {RowNames.KindOf(weight.Name)} found in the file."));
        return weight with { Values = values };
    }
}
