using MlAttention.Encoders;
using MlAttention.Pipeline.Persistence;
using MlAttention.Training;
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
        var vocabularySize = reader.ReadInt32();
        var classCount = reader.ReadInt32();
        if (vocabularySize < 1 || vocabularySize > int.MaxValue - 3 || classCount < 2)
            throw new InvalidDataException($"The model claims a vocabulary of {vocabularySize} keys and {classCount} classes.");
        var truncation = Enum.Parse<TruncationSide>(reader.ReadString());
        var weights = reader.ReadWeights();
        RequireShape(weights, "embedding.weight", [BatchBuilder.EmbeddingRows(vocabularySize, architecture), architecture.ModelWidth]);
        RequireShape(weights, "head.weight", [classCount, architecture.ModelWidth]);
        return new AttentionClassifierModel(architecture, vocabularySize, classCount, truncation, weights, training: null);
    }

    /// <summary>The sizes that the data gave; the engines check all other weights against the architecture.</summary>
    private static void RequireShape(IReadOnlyList<WeightTensor> weights, string name, int[] expected)
    {
        var shape = weights.FirstOrDefault(weight => weight.Name == name)?.Shape ?? throw new InvalidDataException($"The model lacks the weight '{name}'.");
        if (!shape.AsSpan().SequenceEqual(expected))
            throw new InvalidDataException($"The model's weight '{name}' has shape [{string.Join(',', shape)}]; the sizes in the file need [{string.Join(',', expected)}].");
    }
}
