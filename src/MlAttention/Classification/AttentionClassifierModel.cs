using MlAttention.Core.Managed;
using MlAttention.Core.Training;
using MlAttention.Torch.Engine;

namespace MlAttention;

/// <summary>A trained sequence classifier: its architecture, its weights and how training went. Thread-safe.</summary>
public sealed class AttentionClassifierModel
{
    private readonly Lazy<ISequenceScorer> _scorer;

    internal AttentionClassifierModel(SequenceModelOptions architecture, FittedVocabulary vocabulary, int classCount, IReadOnlyList<WeightTensor> weights)
    {
        Architecture = architecture;
        Vocabulary = vocabulary;
        ClassCount = classCount;
        Weights = weights;
        Configuration = new EngineConfiguration(architecture, TokenIds.EmbeddingRows(vocabulary.Size, architecture), classCount);
        _scorer = new Lazy<ISequenceScorer>(() => SequenceEngines.Factory.CreateScorer(Configuration, Weights));
    }

    /// <summary>The architecture.</summary>
    public SequenceModelOptions Architecture { get; }

    /// <summary>Number of keys V that a sequence may hold.</summary>
    public int VocabularySize => Vocabulary.Size;

    /// <summary>Number of classes C.</summary>
    public int ClassCount { get; }

    /// <summary>The weights, named and shaped as those of torch.nn.TransformerEncoderLayer.</summary>
    public IReadOnlyList<WeightTensor> Weights { get; }

    /// <summary>The learning curve, one entry an epoch; empty for a model that was loaded.</summary>
    public IReadOnlyList<EpochMetrics> History => Training?.History ?? [];

    /// <summary>Why training ended; null for a model that was loaded.</summary>
    public TrainingStopReason? StopReason => Training?.StopReason;

    /// <summary>The keys that a sequence may hold, and what they stand for.</summary>
    internal FittedVocabulary Vocabulary { get; }

    /// <summary>What the classes stand for, or null when nothing says so.</summary>
    internal KeyValues? Labels { get; init; }

    /// <summary>The family of the pretrained encoder that it was fine-tuned from, as <see cref="PretrainedEncoder.ModelType"/>; null for one trained from nothing.</summary>
    internal string? ModelType { get; init; }

    /// <summary>How training went; null for a model that was loaded.</summary>
    internal TrainedSequenceModel? Training { get; init; }

    /// <summary>What scores; chosen at first use, so that a model can be loaded and inspected where it cannot run.</summary>
    internal ISequenceScorer Scorer => _scorer.Value;

    /// <summary>What the engines need to know.</summary>
    internal EngineConfiguration Configuration { get; }

    /// <summary>
    /// Writes the weights as safetensors, which PyTorch users open with safetensors.torch.load_file. The metadata keeps the tokens and
    /// labels that the rows of the embedding and of the head stand for.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    public void SaveWeights(string path) => SafetensorsFile.Write(path, Weights, (Vocabulary.Names with { Labels = Labels?.Formatted }).ToMetadata());

    /// <summary>The model with what its classes stand for.</summary>
    internal AttentionClassifierModel WithLabels(KeyValues? labels) => new(Architecture, Vocabulary, ClassCount, Weights) { Labels = labels, Training = Training, ModelType = ModelType };
}

/// <summary>A classifier's architecture, sizes and weights in a model file.</summary>
internal static class ModelState
{
    private const string ModelTypeName = "modelType";

    public static void Write(ComponentState state, AttentionClassifierModel model)
    {
        state.Add("architecture", model.Architecture, ServingJson.Default.SequenceModelOptions);
        model.Vocabulary.Write(state);
        state.Add("classes", model.ClassCount);
        if (model.ModelType is { } type) state.Add(ModelTypeName, type);
        state.Add(model.Weights);
    }

    /// <summary>A model without what its classes stand for, which a classifier's state tells beside it.</summary>
    /// <exception cref="InvalidDataException">The weights are not those of the architecture.</exception>
    public static AttentionClassifierModel Read(ComponentState state)
    {
        var architecture = state.TakeOptions("architecture", ServingJson.Default.SequenceModelOptions, Validate);
        var vocabulary = FittedVocabulary.Read(state);
        if (architecture.SeparatorKey > vocabulary.Size) throw new InvalidDataException($"The model's separator has key {architecture.SeparatorKey}; its vocabulary has {vocabulary.Size}.");
        var classCount = state.TakeInt32("classes");
        if (classCount < Objective.Of(architecture.Task).FewestClasses) throw new InvalidDataException($"The model claims {classCount} classes.");
        var weights = state.TakeWeights(WeightLayout.Of(architecture, TokenIds.EmbeddingRows(vocabulary.Size, architecture), classCount));
        return new AttentionClassifierModel(architecture, vocabulary, classCount, weights) { ModelType = state.Has(ModelTypeName) ? state.TakeText(ModelTypeName) : null };
    }

    /// <exception cref="ArgumentException">The architecture is not valid, or larger than a model may be.</exception>
    public static void Validate(SequenceModelOptions architecture)
    {
        architecture.Validate();
        var errors = new OptionErrors(nameof(SequenceModelOptions));
        ModelLimits.Require(errors, architecture);
        errors.ThrowIfAny();
    }
}

/// <summary>The engines of ML.NET's components: the managed one first, TorchSharp for what it does not cover.</summary>
internal static class SequenceEngines
{
    public static EngineFactory Factory { get; } = new(new ManagedEngineProvider(), new TorchSharpProvider());
}
