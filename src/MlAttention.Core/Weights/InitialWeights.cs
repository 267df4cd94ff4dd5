namespace MlAttention.Core.Weights;

/// <summary>
/// Weights of a source in place of those that follow from a seed. Rows that both sides know by name, tokens and labels, are matched by it;
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

    /// <summary>The weights of a source as a model has them: its rows in the model's order, and those that it lacks from the seed.</summary>
    /// <param name="source">The weights to start from.</param>
    /// <param name="layout">The model's weights.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="names">What the model's rows stand for.</param>
    /// <param name="log">Receives a line: how many weights, and how many tokens and labels were taken over, are new, and were dropped.</param>
    /// <returns>As many weights as the source has; all others of the model are the seed's.</returns>
    /// <exception cref="InvalidDataException">The source has a weight that the model lacks, or has one in another shape.</exception>
    public static IReadOnlyList<WeightTensor> From(StartingWeights source, IReadOnlyList<WeightShape> layout, int seed, RowNames names, Action<string>? log)
    {
        StartingWeights.RequireKnown(source.Place, source.Weights.Select(weight => weight.Name), layout);
        var shapes = layout.ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        var rows = new List<string>();
        WeightTensor[] matched = [.. source.Weights.Select(weight => Lay(weight, source.Names, shapes[weight.Name], seed, names, source.Place, rows.Add))];
        string others = matched.Length < layout.Count ? ", the others from the seed" : "";
        log?.Invoke(FormattableString.Invariant($"Initial weights: {matched.Length} of {layout.Count} from {source.Place}{others}.{string.Concat(rows.Distinct().Select(line => $" {line}"))}"));
        return matched;
    }

    /// <summary>The vectors of a vocabulary's tokens, with those of the file in their place.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="seed">The seed of the vectors that the file lacks.</param>
    /// <param name="path">A safetensors file.</param>
    /// <param name="name">The name of the vectors in the file; its other tensors may be anything.</param>
    /// <param name="names">What the embedding's rows stand for.</param>
    /// <param name="log">Receives a line: how many rows came from the file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, lacks the vectors, or has them in another shape.</exception>
    public static WeightTensor Embedding(WeightShape embedding, int seed, string path, string name, RowNames names, Action<string> log)
    {
        using var file = SafetensorsReader.Open(path);
        return Lay(file.Read(name), RowNames.Read(file.Metadata, path), embedding, seed, names, path, line => log($"{path}: {line}"));
    }

    /// <exception cref="InvalidDataException">The weight has another shape.</exception>
    public static void RequireShape(WeightTensor weight, int[] shape, string path, string hint = "")
    {
        if (!weight.Shape.AsSpan().SequenceEqual(shape))
            throw new InvalidDataException($"{path}: weight '{weight.Name}' has shape [{string.Join(',', weight.Shape)}]; [{string.Join(',', shape)}] is needed{hint}.");
    }

    /// <summary>A weight with the rows of the given one: those of the same names where both sides name them, or else all.</summary>
    private static WeightTensor Lay(WeightTensor given, RowNames theirs, WeightShape weight, int seed, RowNames names, string place, Action<string> tell)
    {
        var own = names.Of(weight, weight.Shape[0], place);
        var others = given.Shape.Length > 0 ? theirs.Of(weight, given.Shape[0], place) : null;
        if (own is not null && others is not null)
        {
            RequireShape(given, [others.Length, .. weight.Shape[1..]], place);
            return Match(given, others, weight, seed, own, tell);
        }

        RequireShape(given, weight.Shape, place, weight.Name == WeightLayout.EmbeddingName ? ": a row for padding, for each token of the vocabulary, for unknown tokens and, with CLS pooling, for CLS" : "");
        if (weight.Rows != RowKind.Places) tell($"{given.Name}: rows taken by their places, since the {(own is null ? "data" : "file")} does not say which {Words(weight)} they stand for.");
        return given with { Name = weight.Name };
    }

    private static string Words(WeightShape weight) => weight.Rows == RowKind.Labels ? "labels" : "tokens";

    private static WeightTensor Match(WeightTensor given, RowName[] others, WeightShape weight, int seed, RowName[] own, Action<string> tell)
    {
        var places = new Dictionary<RowName, int>();
        for (int row = 0; row < others.Length; row++) places.TryAdd(others[row], row);

        float[] values = new float[weight.Count];
        WeightInitializer.Fill(weight, seed, values);
        int width = values.Length / own.Length, found = 0;
        for (int row = 0; row < own.Length; row++)
        {
            if (!places.TryGetValue(own[row], out int place)) continue;
            given.Values.AsSpan(place * width, width).CopyTo(values.AsSpan(row * width));
            if (!own[row].IsSpecial) found++;
        }
        int fresh = own.Count(name => !name.IsSpecial) - found, dropped = places.Keys.Count(name => !name.IsSpecial) - found;
        tell(FormattableString.Invariant($"{found} {Words(weight)} taken over, {fresh} new, {dropped} dropped."));
        return new(weight.Name, weight.Shape, values);
    }
}
