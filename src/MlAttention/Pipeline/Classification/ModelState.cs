using MlAttention.Architecture;
using MlAttention.Data;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Schema;
using MlAttention.Validation;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Classification;

/// <summary>A classifier's architecture, sizes and weights in a model file.</summary>
internal static class ModelState
{
    public static void Write(StateWriter writer, AttentionClassifierModel model)
    {
        writer.WriteOptions<SequenceModelOptions>(model.Architecture);
        model.Vocabulary.Write(writer);
        writer.Write(model.ClassCount);
        writer.Write(model.Weights);
    }

    /// <summary>A model without what its classes stand for, which a classifier's state tells after it.</summary>
    /// <exception cref="InvalidDataException">The weights are not those of the architecture.</exception>
    public static AttentionClassifierModel Read(StateReader reader)
    {
        var architecture = reader.ReadOptions<SequenceModelOptions>();
        architecture.Validate();
        RequireLimits(architecture);
        var vocabulary = FittedVocabulary.Read(reader);
        var classCount = reader.ReadInt32();
        if (classCount < 2) throw new InvalidDataException($"The model claims {classCount} classes.");
        var weights = reader.ReadWeights(WeightLayout.Of(architecture, TokenIds.EmbeddingRows(vocabulary.Size, architecture), classCount));
        return new AttentionClassifierModel(architecture, vocabulary, labels: null, classCount, weights, training: null);
    }

    private static void RequireLimits(SequenceModelOptions architecture)
    {
        var errors = new OptionErrors(nameof(SequenceModelOptions));
        ModelLimits.Require(errors, architecture);
        errors.ThrowIfAny();
    }
}
