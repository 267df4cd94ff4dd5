using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention;

namespace ComposePipelines;

/// <summary>Pipelines from texts with labels to predictions.</summary>
internal static class Pipelines
{
    private static readonly AttentionClassifierOptions Small = new()
    {
        ModelWidth = 32,
        Heads = 4,
        Layers = 1,
        FeedForwardWidth = 64,
        Training = new TrainingOptions { Epochs = 5 },
    };

    public static readonly (string Name, Func<MLContext, IDataView, IEstimator<ITransformer>> Make)[] All =
    [
        ("words -> attention with rotary positions", (ml, _) => RotaryClassifier(ml)),
        ("byte pairs -> attention with a CLS token", (ml, _) => BytePairClassifier(ml)),
        ("ML.NET's own tokenizer -> attention", (ml, _) => OwnTokens(ml)),
        ("embedding, positions, self-attention, pooling -> maximum entropy", (ml, _) => LayersAsFeatures(ml)),
        ("a trained encoder's features -> maximum entropy", EncoderAsFeatures),
    ];

    private static EstimatorChain<AttentionClassifierTransformer> RotaryClassifier(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Attention().TokenizeSequence("Tokens", "Text"))
        .Append(ml.Attention().Classifier(Small with { Positions = PositionScheme.Rotary }));

    private static EstimatorChain<AttentionClassifierTransformer> BytePairClassifier(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Attention().TokenizeSequence(new TokenizeSequenceOptions { Tokenizer = TokenizerKind.BytePair, MaxSize = 1000 }))
        .Append(ml.Attention().Classifier(Small with { Pooling = PoolingKind.Cls }));

    private static EstimatorChain<AttentionClassifierTransformer> OwnTokens(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.Text.NormalizeText("Normalized", "Text", keepPunctuations: false))        // or "last," and "last" are two words
        .Append(ml.Transforms.Text.TokenizeIntoWords("Words", "Normalized"))
        .Append(ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
        .Append(ml.Attention().Classifier(Small));

    private static IEstimator<ITransformer> LayersAsFeatures(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Attention().TokenizeSequence("Tokens", "Text"))
        .Append(ml.Attention().EmbedTokens("Embeddings", "Tokens", width: 64))
        .Append(ml.Attention().AddPositions("Positioned", "Embeddings"))
        .Append(ml.Attention().SelfAttention("Attended", "Positioned", heads: 4))
        .Append(ml.Attention().PoolSequence("Features", "Attended"))
        .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

    private static IEstimator<ITransformer> EncoderAsFeatures(MLContext ml, IDataView train)
    {
        var tokens = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Attention().TokenizeSequence("Tokens", "Text"));
        var classifier = tokens.Append(ml.Attention().Classifier(Small)).Fit(train).LastTransformer;
        return tokens.Append(ml.Attention().EncodeSequence(classifier)).Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
    }
}
