using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline;

namespace MlAttention.Tests.Pipeline;

/// <summary>One estimator of the catalog with what must come before it; the rows of the test matrix.</summary>
public sealed class PipelineCase
{
    private readonly Func<MLContext, IEstimator<ITransformer>?> _before;
    private readonly Func<MLContext, AttentionClassifierTransformer, IEstimator<ITransformer>> _estimator;

    private PipelineCase(string name, string[] outputs, Func<MLContext, IEstimator<ITransformer>?> before, Func<MLContext, AttentionClassifierTransformer, IEstimator<ITransformer>> estimator)
    {
        Name = name;
        Outputs = outputs;
        _before = before;
        _estimator = estimator;
    }

    public string Name { get; }

    /// <summary>The columns that the estimator adds.</summary>
    public string[] Outputs { get; }

    /// <summary>All estimators.</summary>
    internal static readonly PipelineCase[] All =
    [
        new("TokenizeSequence", ["Tokens"], _ => null, (ml, _) => ml.Attention().TokenizeSequence("Tokens", "Text")),
        new("EmbedTokens", ["Embeddings"], Tokens, (ml, _) => ml.Attention().EmbedTokens("Embeddings", "Tokens", width: 6)),
        new("AddPositions", ["Positioned"], Embeddings, (ml, _) => ml.Attention().AddPositions("Positioned", "Embeddings")),
        new("SelfAttention", ["Attended"], Embeddings, (ml, _) => ml.Attention().SelfAttention("Attended", "Embeddings", heads: 2)),
        new("PoolSequence", ["Features"], Embeddings, (ml, _) => ml.Attention().PoolSequence("Features", "Embeddings")),
        new("EncodeSequence", ["Features"], Tokens, (ml, classifier) => ml.Attention().EncodeSequence(classifier)),
        new("AttentionWeights", ["AttentionWeights"], Tokens, (ml, classifier) => ml.Attention().AttentionWeights(classifier)),
        new("Classifier", ["PredictedLabel", "Score"], LabelAndTokens, (ml, _) => ml.Attention().Classifier(TinyTexts.Classifier)),
    ];

    public static TheoryData<PipelineCase> Cases => [.. All];

    /// <summary>The whole pipeline, from texts.</summary>
    internal IEstimator<ITransformer> Pipeline(MLContext ml)
    {
        var estimator = _estimator(ml, TrainedClassifier.Value);
        return _before(ml) is { } before ? before.Append(estimator) : estimator;
    }

    public override string ToString() => Name;

    /// <summary>A classifier over the same texts, for the estimators that need one.</summary>
    private static readonly Lazy<AttentionClassifierTransformer> TrainedClassifier = new(() =>
    {
        var ml = new MLContext(seed: 1);
        return TinyTexts.Preparation(ml).Append(ml.Attention().Classifier(TinyTexts.Classifier)).Fit(TinyTexts.Data(ml, 61)).LastTransformer;
    });

    private static SequenceTokenizingEstimator Tokens(MLContext ml) => ml.Attention().TokenizeSequence("Tokens", "Text");

    private static EstimatorChain<SequenceLayerTransformer> Embeddings(MLContext ml) => Tokens(ml).Append(ml.Attention().EmbedTokens("Embeddings", "Tokens", width: 6));

    private static EstimatorChain<SequenceTokenizingTransformer> LabelAndTokens(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label").Append(Tokens(ml));
}
