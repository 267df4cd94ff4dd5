namespace MlAttention.Classification;

/// <summary>What a classifier that starts from a pretrained encoder must have in common with it, and the weights that it takes over.</summary>
internal static class PretrainedStart
{
    /// <summary>Requires that the encoder's weights mean in the classifier what they mean in the encoder.</summary>
    public static void Require(OptionErrors errors, AttentionClassifierOptions options, PretrainedEncoder encoder)
    {
        var given = encoder.Architecture;
        Same(nameof(options.Encoder), options.Encoder, given.Encoder);
        Same(nameof(options.ModelWidth), options.ModelWidth, given.ModelWidth);
        Same(nameof(options.Heads), options.Heads, given.Heads);
        Same(nameof(options.Layers), options.Layers, given.Layers);
        Same(nameof(options.FeedForwardWidth), options.FeedForwardWidth, given.FeedForwardWidth);
        Same(nameof(options.Activation), options.Activation, given.Activation);
        Same(nameof(options.Norm), options.Norm, given.Norm);
        Same(nameof(options.LayerNormEpsilon), options.LayerNormEpsilon, given.LayerNormEpsilon);
        Same(nameof(options.ScaleEmbeddings), options.ScaleEmbeddings, given.ScaleEmbeddings);
        Same(nameof(options.EmbeddingNorm), options.EmbeddingNorm, given.EmbeddingNorm);
        Same(nameof(options.TokenTypes), options.TokenTypes, given.TokenTypes);
        Same(nameof(options.Positions), options.Positions, given.Positions);
        Same(nameof(PositionOptions.LearnedOffset), options.PositionDetails.LearnedOffset, given.PositionDetails.LearnedOffset);
        Same(nameof(PositionOptions.LearnedRows), options.PositionDetails.LearnedRows, given.PositionDetails.LearnedRows);
        errors.Require(options.Pooling != PoolingKind.Cls, nameof(options.Pooling), options.Pooling, "puts a token of its own before the text; the encoder's CLS, which its tokenizer puts there, is read by First");
        errors.Require(options.Training.RareTokenDropout == 0, nameof(TrainingOptions.RareTokenDropout), options.Training.RareTokenDropout, "must be 0: a pretrained encoder has no vector for an unknown token that rare tokens could be shown as");
        errors.Require(options.Training.InitialWeightsPath is null, nameof(TrainingOptions.InitialWeightsPath), options.Training.InitialWeightsPath, "must be null where Pretrained gives the weights");

        void Same<T>(string name, T own, T theirs) =>
            errors.Require(EqualityComparer<T>.Default.Equals(own, theirs), name, own, string.Create(CultureInfo.InvariantCulture, $"must be {theirs}, as the weights of the pretrained encoder '{encoder.Name}' need"));
    }

    /// <summary>Checks that a sequence's column has the encoder's tokens as its keys.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has others.</exception>
    public static void RequireTokens(FittedVocabulary vocabulary, PretrainedEncoder encoder, string column)
    {
        var tokens = encoder.Tokenizer.Tokens;
        if (vocabulary.Size != tokens.Count)
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"it has {vocabulary.Size} keys; the encoder has {tokens.Count} tokens"));
        if (vocabulary.Values is { } values && values.FirstDifference(tokens) is { } difference) throw Refused(difference);

        ArgumentOutOfRangeException Refused(string reason) => new(nameof(column),
            $"Schema mismatch for tokens column '{column}': expected the tokens of the pretrained encoder '{encoder.Name}', got others: {reason}. Make the column with attention.TokenizeSequence(\"{column}\", \"Text\", encoder), or use attention.PretrainedClassifier(encoder).");
    }

    /// <summary>The encoder's weights, and those of its head where it is a classifier: a row for each label that it knows, found by its name.</summary>
    /// <param name="options">The classifier.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="seed">The run's seed, which gives the rows of other labels.</param>
    /// <param name="labels">The labels in the order of the classes, or null when nothing says so.</param>
    /// <param name="log">Receives a line: what starts from where.</param>
    public static IReadOnlyList<WeightTensor> Weights(SequenceModelOptions options, PretrainedEncoder encoder, int seed, IReadOnlyList<string>? labels, Action<string> log)
    {
        string start = string.Create(CultureInfo.InvariantCulture, $"Pretrained: {encoder.Weights.Count} weights of the encoder '{encoder.Name}' ({encoder.ModelType})");
        if (encoder.HeadWeights.Count == 0)
        {
            log($"{start}; the head starts from the seed.");
            return encoder.Weights;
        }

        if (ReasonAgainstHead(options, encoder, labels) is { } reason)
        {
            log($"{start}; the head starts from the seed, because {reason}.");
            return encoder.Weights;
        }

        int known = labels!.Intersect(encoder.Labels, StringComparer.Ordinal).Count();
        log(known == labels!.Count && known == encoder.Labels.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{start}, and its head: its {known} labels are those of the data.")
            : string.Create(CultureInfo.InvariantCulture, $"{start}, and its head: {known} labels taken over, {labels.Count - known} new, {encoder.Labels.Count - known} dropped."));
        var source = new StartingWeights(encoder.Name, new RowNames(null, encoder.Labels), encoder.HeadWeights);
        var head = WeightLayout.Of(options, TokenIds.EmbeddingRows(encoder.Tokenizer.VocabularySize, options), labels.Count).Where(weight => weight.IsHead);
        return [.. encoder.Weights, .. InitialWeights.From(source, [.. head], seed, new RowNames(null, labels), log: null)];
    }

    private static string? ReasonAgainstHead(SequenceModelOptions options, PretrainedEncoder encoder, IReadOnlyList<string>? labels)
    {
        if (options.Head != encoder.Architecture.Head || options.Pooling != encoder.Architecture.Pooling)
            return $"it is {options.Head} over {options.Pooling}, and the encoder's is {encoder.Architecture.Head} over {encoder.Architecture.Pooling}";
        if (labels is null) return "the data's labels have no names";
        return labels.Intersect(encoder.Labels, StringComparer.Ordinal).Any() ? null
            : $"none of the encoder's labels ({SafetensorsReader.List(encoder.Labels)}) is one of the data's ({SafetensorsReader.List(labels)})";
    }
}
