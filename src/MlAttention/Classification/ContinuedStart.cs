using System.Text.Json.Nodes;
using MlAttention.Core.Training;

namespace MlAttention.Classification;

/// <summary>What a classifier that goes on from another one must have in common with it, and the weights that it takes over.</summary>
internal static class ContinuedStart
{
    private const string Option = nameof(AttentionClassifierOptions.ContinueFrom), Place = $"the model of {Option}";

    /// <summary>Requires that the model's weights mean in the classifier what they mean in the model.</summary>
    public static void Require(OptionErrors errors, AttentionClassifierOptions options, AttentionClassifierModel model)
    {
        foreach (var difference in TrainingStart.Differences(options.AsArchitecture(), Architecture(model)))
            errors.Require(false, difference.Name, difference.Mine, $"must be {difference.Theirs}, as the weights of {Place} need");
        errors.Require(options.Pretrained is null, nameof(options.Pretrained), options.Pretrained?.Name, $"must be null where {Option} gives the weights");
        errors.Require(options.Training.InitialWeightsPath is null, nameof(TrainingOptions.InitialWeightsPath), options.Training.InitialWeightsPath, $"must be null where {Option} gives the weights");
        errors.Require(model.ModelType is null || options.Training.RareTokenDropout == 0, nameof(TrainingOptions.RareTokenDropout), options.Training.RareTokenDropout, "must be 0: a pretrained encoder has no vector for an unknown token that rare tokens could be shown as");
    }

    /// <summary>The model's weights in the order of the data's tokens and labels; rows that it lacks are the seed's.</summary>
    /// <param name="model">The model to go on from.</param>
    /// <param name="options">The classifier.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="vocabulary">The data's tokens.</param>
    /// <param name="classCount">The data's classes.</param>
    /// <param name="labels">What they stand for, or null when nothing says so.</param>
    /// <param name="log">Receives a line: how many tokens and labels were taken over, are new, and were dropped.</param>
    /// <param name="warn">Hears which labels are dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model was fine-tuned from a pretrained encoder, and the data has other tokens.</exception>
    /// <exception cref="InvalidDataException">Nothing says what the data's keys stand for, and their number is another one.</exception>
    public static IReadOnlyList<WeightTensor> Weights(AttentionClassifierModel model, AttentionClassifierOptions options, int seed, FittedVocabulary vocabulary, int classCount, KeyValues? labels, Action<string> log, Action<string> warn)
    {
        if (model.ModelType is not null) RequireTokens(model, vocabulary, options.TokensColumnName);
        var source = new StartingWeights(Place, model.Vocabulary.Names with { Labels = model.Labels?.Formatted }, model.Weights) { Architecture = Architecture(model) };
        var layout = WeightLayout.Of(options, TokenIds.EmbeddingRows(vocabulary.Size, options), classCount);
        var weights = InitialWeights.From(source, layout, seed, vocabulary.Names with { Labels = labels?.Formatted }, log);
        if (labels is not null && model.Labels?.Formatted.Except(labels.Formatted, StringComparer.Ordinal).ToArray() is [_, ..] dropped)
            warn(string.Create(CultureInfo.InvariantCulture, $"{dropped.Length} labels of {Place} are not among the keys of '{options.LabelColumnName}' and are dropped: {SafetensorsReader.List(dropped)}. To keep them, map the labels with the keys of attention.LabelKeys(model, data)."));
        return weights;
    }

    private static JsonNode Architecture(AttentionClassifierModel model) => TrainingStart.Describe(model.Architecture.AsArchitecture());

    private static void RequireTokens(AttentionClassifierModel model, FittedVocabulary vocabulary, string column)
    {
        string? difference = vocabulary.Size != model.VocabularySize
            ? string.Create(CultureInfo.InvariantCulture, $"it has {vocabulary.Size} keys; the model has {model.VocabularySize} tokens")
            : vocabulary.Values is { } values ? model.Vocabulary.Values?.FirstDifference(values.Formatted) : null;
        if (difference is not null)
            throw new ArgumentOutOfRangeException(nameof(column), $"Schema mismatch for tokens column '{column}': expected the tokens of {Place}, which was fine-tuned from a pretrained encoder, got others: {difference}. Make the column with attention.TokenizeSequence(tokenizer.ContinueOptions()), or use attention.ContinueClassifier(model).");
    }
}
