using Microsoft.ML.Transforms;

namespace MlAttention;

/// <summary>Takes a text classifier out of a fitted pipeline: the tokenizer, and the classifier that reads its sequences.</summary>
internal static class TextPipeline
{
    /// <exception cref="ArgumentException">The pipeline is not a tokenizer and a classifier with conversions of labels around them.</exception>
    public static TextClassifierParts Parts(ITransformer model)
    {
        var transformers = Flatten(model).ToArray();
        var tokenizers = transformers.OfType<SequenceTokenizingTransformer>().ToArray();
        var classifiers = transformers.OfType<AttentionClassifierTransformer>().ToArray();
        if (tokenizers is not [var tokenizer] || classifiers is not [var classifier])
            throw Refused($"it has {tokenizers.Length} tokenizers and {classifiers.Length} classifiers; exactly one of each is needed");
        if (tokenizer.Options.OutputColumnName != classifier.FeatureColumnName)
            throw Refused($"its classifier reads '{classifier.FeatureColumnName}', which the tokenizer's '{tokenizer.Options.OutputColumnName}' is not");
        if (classifier.Model.Vocabulary.Values?.FirstDifference(tokenizer.Vocabulary) is { } difference)
            throw Refused($"its tokenizer has another vocabulary than the classifier's training: {difference}");
        if (transformers.FirstOrDefault(ChangesText) is { } other)
            throw Refused($"it has a {other.GetType().Name}, which the text classifier would not apply");
        return new TextClassifierParts
        {
            Tokenizer = tokenizer.Options,
            Vocabulary = tokenizer.Vocabulary,
            Architecture = classifier.Model.Architecture,
            Labels = classifier.Model.Labels?.Formatted ?? [.. Enumerable.Range(1, classifier.Model.ClassCount).Select(key => key.ToString(CultureInfo.InvariantCulture))],
            Weights = classifier.Model.Weights,
        };
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static bool ChangesText(ITransformer transformer) =>
        transformer is not (SequenceTokenizingTransformer or AttentionClassifierTransformer or ValueToKeyMappingTransformer or KeyToValueMappingTransformer);

    private static ArgumentException Refused(string reason) => new($"The model cannot become a text classifier: {reason}.");
}
