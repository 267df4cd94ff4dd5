using MlAttention.Attention;
using MlAttention.Data;
using MlAttention.Encoders;
using MlAttention.Pipeline.Persistence;
using MlAttention.Training;
using MlAttention.Validation;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Classification;

/// <summary>A classifier's architecture, sizes and weights in a model file.</summary>
internal static class ModelState
{
    public static void Write(StateWriter writer, AttentionClassifierModel model)
    {
        writer.WriteOptions<SequenceModelOptions>(model.Architecture);
        writer.Write(model.VocabularySize);
        writer.Write(model.ClassCount);
        writer.Write(model.Truncation.ToString());
        writer.Write(model.Weights);
    }

    /// <exception cref="InvalidDataException">The weights are not those of the architecture.</exception>
    public static AttentionClassifierModel Read(StateReader reader)
    {
        var architecture = reader.ReadOptions<SequenceModelOptions>();
        architecture.Validate();
        RequireLimits(architecture);
        var vocabularySize = reader.ReadInt32();
        var classCount = reader.ReadInt32();
        if (vocabularySize < 1 || vocabularySize > int.MaxValue - 3 || classCount < 2)
            throw new InvalidDataException($"The model claims a vocabulary of {vocabularySize} keys and {classCount} classes.");
        var truncation = reader.ReadEnum<TruncationSide>();
        var weights = reader.ReadWeights();
        StateWeights.Require(weights, Layout(architecture, vocabularySize, classCount));
        return new AttentionClassifierModel(architecture, vocabularySize, classCount, truncation, weights, training: null);
    }

    private static void RequireLimits(SequenceModelOptions architecture)
    {
        var errors = new OptionErrors(nameof(SequenceModelOptions));
        ModelLimits.Require(errors, architecture);
        errors.ThrowIfAny();
    }

    /// <summary>The weights that must be there: all of them, unless only TorchSharp's module knows those between embedding and head.</summary>
    private static IReadOnlyList<WeightShape> Layout(SequenceModelOptions model, int vocabularySize, int classCount)
    {
        var embeddingRows = TokenIds.EmbeddingRows(vocabularySize, model);
        var isKnown = model.Encoder is EncoderKind.Attention or EncoderKind.BagOfEmbeddings && model.Score is ScoreFunction.ScaledDotProduct or ScoreFunction.Dot;
        return isKnown ? WeightLayout.Of(model, embeddingRows, classCount)
            : [new("embedding.weight", [embeddingRows, model.ModelWidth]), new("head.weight", [classCount, model.ModelWidth])];
    }
}
