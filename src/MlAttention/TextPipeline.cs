using Microsoft.ML.Transforms;

namespace MlAttention;

/// <summary>Takes a text classifier out of a fitted pipeline: the tokenizer, and the classifier that reads its sequences.</summary>
internal static class TextPipeline
{
    /// <exception cref="ArgumentException">The pipeline is not a tokenizer and a classifier with conversions of labels around them.</exception>
    public static TextClassifierParts Parts(ITransformer model, string goal = "a text classifier") => Parts(model, out _, goal);

    /// <summary>The fine-tuned encoder of a pipeline, with its head and labels.</summary>
    /// <param name="model">The pipeline.</param>
    /// <param name="name">What the encoder is called.</param>
    /// <exception cref="ArgumentException">The pipeline is not a pretrained tokenizer and a classifier fine-tuned over it, with conversions of labels around them.</exception>
    public static PretrainedEncoder Encoder(ITransformer model, string name)
    {
        const string Goal = "a Hugging Face folder";
        var parts = Parts(model, out var classifier, Goal);
        if (classifier.ModelType is not { } type || parts.Tokenizer.Pretrained is not { } tokenizer)
            throw Refused(Goal, "its classifier was trained from nothing, and transformers has no such architecture. SaveWeights writes its weights, SaveTextClassifier the whole classifier");
        if (parts.Architecture.Task != TaskKind.SingleLabel || parts.Thresholds.Count > 0)
            throw Refused(Goal, $"its task is {parts.Architecture.Task}{(parts.Thresholds.Count > 0 ? " with thresholds" : "")}, and what can be written is a classifier of one label. SaveTextClassifier writes the whole classifier");
        if (parts.Architecture.Pooling == PoolingKind.Attention)
            throw Refused(Goal, "its pooling is Attention, for whose query transformers has no place. SaveTextClassifier writes the whole classifier");
        var weights = parts.Weights.ToLookup(weight => weight.Name.StartsWith("head.", StringComparison.Ordinal));
        return new PretrainedEncoder(name, type, parts.Architecture.AsArchitecture() with { SeparatorKey = null, SharedTokenType = false }, tokenizer, [.. weights[false]]) { Labels = parts.Labels, HeadWeights = [.. weights[true]] };
    }

    private static TextClassifierParts Parts(ITransformer model, out AttentionClassifierModel fitted, string goal)
    {
        var (tokenizer, vocabulary, classifier) = Steps(model, goal);
        if (Flatten(model).FirstOrDefault(ChangesText) is { } other)
            throw Refused(goal, $"it has a {other.GetType().Name}, which would be left out");
        if (classifier.Model.Architecture.Task == TaskKind.TokenLabels && classifier.Settings.WordStarts is null)
            throw Refused(goal, "it gives labels of tokens, and what is needed are labels of words: use TokenizeWords, and WordStartsColumnName of the classifier");
        fitted = classifier.Model;
        return new TextClassifierParts
        {
            Tokenizer = tokenizer,
            Vocabulary = vocabulary,
            Architecture = classifier.Model.Architecture,
            Labels = classifier.Model.Architecture.Task == TaskKind.Regression ? []
                : classifier.Model.Labels?.Formatted ?? [.. Enumerable.Range(1, classifier.Model.ClassCount).Select(key => key.ToString(CultureInfo.InvariantCulture))],
            Weights = classifier.Model.Weights,
            Thresholds = Thresholds(classifier),
        };
    }

    /// <summary>Those that are not the usual ones.</summary>
    private static double[] Thresholds(AttentionClassifierTransformer classifier)
    {
        float[] thresholds = classifier.Settings.Thresholds(classifier.Model.ClassCount, classifier.Model.Labels);
        return thresholds.All(threshold => threshold == (float)AttentionClassifierOptions.DefaultThreshold) ? [] : [.. thresholds.Select(threshold => (double)threshold)];
    }

    /// <summary>The tokenizer of a pipeline, and the classifier that reads its sequences.</summary>
    /// <param name="model">The pipeline.</param>
    /// <param name="goal">What is to be made of it, for errors.</param>
    /// <exception cref="ArgumentException">There is not exactly one of each, or they do not belong together.</exception>
    public static (TokenizeSequenceOptions Tokenizer, IReadOnlyList<string> Vocabulary, AttentionClassifierTransformer Classifier) Steps(ITransformer model, string goal)
    {
        var transformers = Flatten(model).ToArray();
        var classifiers = transformers.OfType<AttentionClassifierTransformer>().ToArray();
        (TokenizeSequenceOptions Options, IReadOnlyList<string> Vocabulary)[] tokenizers =
        [
            .. transformers.OfType<SequenceTokenizingTransformer>().Select(tokenizer => (tokenizer.Options, tokenizer.Vocabulary)),
            .. transformers.OfType<WordTokenizingTransformer>().Select(tokenizer => (tokenizer.Options, tokenizer.Vocabulary)),
        ];
        if (tokenizers is not [var (tokenizer, vocabulary)] || classifiers is not [var classifier])
            throw Refused(goal, $"it has {tokenizers.Length} tokenizers and {classifiers.Length} classifiers; exactly one of each is needed");
        if (tokenizer.OutputColumnName != classifier.FeatureColumnName)
            throw Refused(goal, $"its classifier reads '{classifier.FeatureColumnName}', which the tokenizer's '{tokenizer.OutputColumnName}' is not");
        if (classifier.Model.Vocabulary.Values?.FirstDifference(vocabulary) is { } difference)
            throw Refused(goal, $"its tokenizer has another vocabulary than the classifier's training: {difference}");
        return (tokenizer, vocabulary, classifier);
    }

    /// <summary>The one classifier of a pipeline.</summary>
    /// <exception cref="ArgumentException">There is none, or there are several.</exception>
    public static AttentionClassifierTransformer ClassifierOf(ITransformer model, string goal) =>
        Flatten(model).OfType<AttentionClassifierTransformer>().ToArray() is [var classifier] ? classifier
            : throw Refused(goal, "exactly one attention classifier is needed in it");

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static bool ChangesText(ITransformer transformer) =>
        transformer is not (SequenceTokenizingTransformer or WordTokenizingTransformer or AttentionClassifierTransformer or ValueToKeyMappingTransformer or KeyToValueMappingTransformer);

    private static ArgumentException Refused(string goal, string reason) => new($"The model cannot become {goal}: {reason}.");
}
