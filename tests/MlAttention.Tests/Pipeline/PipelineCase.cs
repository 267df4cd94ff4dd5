using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Pipeline;

/// <summary>One estimator of the catalog with what must come before it; the rows of the test matrix.</summary>
public sealed class PipelineCase
{
    private readonly Func<MLContext, IEstimator<ITransformer>?> _before;
    private readonly Func<MLContext, AttentionClassifierTransformer, IEstimator<ITransformer>> _estimator;
    private readonly Func<MLContext, IEstimator<ITransformer>?> _after;

    private PipelineCase(string name, string[] outputs, Func<MLContext, IEstimator<ITransformer>?> before,
        Func<MLContext, AttentionClassifierTransformer, IEstimator<ITransformer>> estimator, Func<MLContext, IEstimator<ITransformer>?> after)
    {
        Name = name;
        Outputs = outputs;
        _before = before;
        _estimator = estimator;
        _after = after;
    }

    public string Name { get; }

    /// <summary>The columns that the estimator adds.</summary>
    public string[] Outputs { get; }

    /// <summary>All estimators.</summary>
    internal static readonly PipelineCase[] All =
    [
        new("TokenizeSequence", ["Tokens"], _ => null, (ml, _) => ml.Attention().TokenizeSequence("Tokens", "Text"), Classifier),
        new("EmbedTokens", ["Embeddings"], Tokens, (ml, _) => ml.Attention().EmbedTokens("Embeddings", "Tokens", width: 6), ml => PoolAndTrain(ml, "Embeddings")),
        new("AddPositions", ["Positioned"], Embeddings, (ml, _) => ml.Attention().AddPositions("Positioned", "Embeddings"), ml => PoolAndTrain(ml, "Positioned")),
        new("SelfAttention", ["Attended"], Embeddings, (ml, _) => ml.Attention().SelfAttention("Attended", "Embeddings", heads: 2), ml => PoolAndTrain(ml, "Attended")),
        new("PoolSequence", ["Features"], Embeddings, (ml, _) => ml.Attention().PoolSequence("Features", "Embeddings"), Train),
        new("EncodeSequence", ["Features"], TokensOfTheClassifier, (ml, classifier) => ml.Attention().EncodeSequence(classifier), Train),
        new("AttentionWeights", ["AttentionWeights"], TokensOfTheClassifier, (ml, classifier) => ml.Attention().AttentionWeights(classifier), Classifier),
        new("TokenContributions", ["Contributions"], TokensOfTheClassifier, (ml, classifier) => ml.Attention().TokenContributions(classifier), Classifier),
        new("Classifier", ["PredictedLabel", "Score"], LabelAndTokens, (ml, _) => Classifier(ml), _ => null),
        new("PretrainedTokens", ["Tokens"], _ => null, (ml, _) => ml.Attention().TokenizeSequence("Tokens", "Text", TinyEncoder.Shared), Classifier),
        new("PretrainedClassifier", ["PredictedLabel", "Score"], LabelAndPretrainedTokens, (ml, _) => ml.Attention().Classifier(TinyEncoder.Options()), _ => null),
        new("Pairs", ["PredictedLabel", "Score"], LabelAndPairs, (ml, _) => ml.Attention().Classifier(TinyTexts.Classifier with { TokenTypes = 2 }), _ => null),
        new("PretrainedPairs", ["PredictedLabel", "Score"], LabelAndPretrainedPairs, (ml, _) => ml.Attention().Classifier(TinyEncoder.Options()), _ => null),
        new("SequenceToSequence", ["Output"], _ => null, (ml, _) => ml.Attention().SequenceToSequence(TinyTexts.Writer), ml => Tokens(ml).Append(Classifier(ml))),
        new("EmbedText", ["Features"], _ => null, (ml, _) => ml.Attention().EmbedText("Features", "Text", TinyEncoder.Shared), Train),
    ];

    public static TheoryData<PipelineCase> Cases => [.. All];

    /// <summary>The whole pipeline, from texts.</summary>
    internal IEstimator<ITransformer> Pipeline(MLContext ml)
    {
        var estimator = _estimator(ml, TrainedClassifier.Value);
        return _before(ml) is { } before ? before.Append(estimator) : estimator;
    }

    /// <summary>The pipeline from texts to predictions, which the estimator's output leads to or stands beside.</summary>
    internal IEstimator<ITransformer> PipelineToPredictions(MLContext ml) => _after(ml) is { } after
        ? ml.Transforms.Conversion.MapValueToKey("Label").Append(Pipeline(ml)).Append(after)
        : Pipeline(ml);

    public override string ToString() => Name;

    /// <summary>A classifier over the same texts, for the estimators that need one.</summary>
    private static readonly Lazy<AttentionClassifierTransformer> TrainedClassifier = new(() =>
    {
        var ml = new MLContext(seed: 1);
        return ml.Transforms.Conversion.MapValueToKey("Label").Append(TokensOfTheClassifier(ml)).Append(Classifier(ml)).Fit(TinyTexts.Data(ml, 61)).LastTransformer;
    });

    private static SequenceTokenizingEstimator Tokens(MLContext ml) => ml.Attention().TokenizeSequence("Tokens", "Text");

    /// <summary>A vocabulary that does not depend on the rows, so that a classifier trained on some reads the keys of any.</summary>
    private static SequenceTokenizingEstimator TokensOfTheClassifier(MLContext ml) =>
        ml.Attention().TokenizeSequence(new TokenizeSequenceOptions { OutputColumnName = "Tokens", InputColumnName = "Text", VocabularyPath = VocabularyPath.Value });

    private static readonly Lazy<string> VocabularyPath = new(() =>
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("mlattention-").FullName, "vocabulary.txt");
        File.WriteAllLines(path, TinyTexts.Words.SelectMany(words => words));
        return path;
    });

    private static EstimatorChain<SequenceLayerTransformer> Embeddings(MLContext ml) => Tokens(ml).Append(ml.Attention().EmbedTokens("Embeddings", "Tokens", width: 6));

    private static AttentionClassifierEstimator Classifier(MLContext ml) => ml.Attention().Classifier(TinyTexts.Classifier);

    private static IEstimator<ITransformer> Train(MLContext ml) => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy();

    private static IEstimator<ITransformer> PoolAndTrain(MLContext ml, string input) => ml.Attention().PoolSequence("Features", input).Append(Train(ml));

    private static EstimatorChain<SequenceTokenizingTransformer> LabelAndTokens(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label").Append(Tokens(ml));

    /// <summary>The text and its label's: rows of the matrix have no second text.</summary>
    private static IEstimator<ITransformer> LabelAndPairs(MLContext ml) =>
        ml.Attention().TokenizeSequence("Tokens", ["Text", "Label"]).Append(ml.Transforms.Conversion.MapValueToKey("Label"));

    private static IEstimator<ITransformer> LabelAndPretrainedPairs(MLContext ml) =>
        ml.Attention().TokenizeSequence("Tokens", ["Text", "Label"], TinyEncoder.Shared).Append(ml.Transforms.Conversion.MapValueToKey("Label"));

    private static EstimatorChain<SequenceTokenizingTransformer> LabelAndPretrainedTokens(MLContext ml) =>
        ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Attention().TokenizeSequence("Tokens", "Text", TinyEncoder.Shared));
}
