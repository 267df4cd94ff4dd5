using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using MlAttention.Data;
using MlAttention.Encoders;

namespace MlAttention.Training.Checkpoints;

/// <summary>What a run's weights follow from. A checkpoint continues only a run with the same identity.</summary>
/// <param name="Engine">The engine's name.</param>
/// <param name="Model">The architecture, as JSON.</param>
/// <param name="Training">The training options that change the weights, as JSON.</param>
/// <param name="Data">A hash of the training and validation rows.</param>
internal sealed record RunIdentity(string Engine, string Model, string Training, string Data)
{
    /// <summary>The identity of a run.</summary>
    public static RunIdentity Of(string engine, SequenceModelOptions model, TrainingOptions options, params ReadOnlySpan<TokenDataset?> datasets) =>
        new(engine, JsonSerializer.Serialize(Architecture(model)), JsonSerializer.Serialize(Relevant(options)), Hash(datasets));

    /// <exception cref="ArgumentException">The other identity differs; the message says in what.</exception>
    public void RequireSame(RunIdentity other, string path)
    {
        Require("engine", Engine, other.Engine, path);
        Require("model options", Model, other.Model, path);
        Require("training options", Training, other.Training, path);
        Require("data", Data, other.Data, path);
    }

    private static void Require(string what, string mine, string theirs, string path)
    {
        if (mine != theirs)
            throw new ArgumentException($"The checkpoint '{path}' is of a run with other {what}: {theirs}; this run has {mine}. Repeat the run's settings, or train without ResumeFrom.");
    }

    /// <summary>The architecture without what a derived options class adds.</summary>
    private static object Architecture(SequenceModelOptions model) => new
    {
        Positions = $"{model.Positions}", model.PositionDetails, Encoder = $"{model.Encoder}", model.ModelWidth, model.Heads, model.Layers,
        model.FeedForwardWidth, model.MaxLength, Mask = $"{model.Mask}", model.WindowRadius, Score = $"{model.Score}", model.Temperature,
        Algorithm = $"{model.Algorithm}", Norm = $"{model.Norm}", model.LayerNormEpsilon, Activation = $"{model.Activation}",
        Pooling = $"{model.Pooling}", model.Dropout,
    };

    private static object Relevant(TrainingOptions options) => new
    {
        Device = $"{options.Device}", options.Threads, options.Epochs, options.BatchSize, options.GradientAccumulation,
        Optimizer = $"{options.Optimizer}", options.LearningRate, options.WarmupFraction, Schedule = $"{options.Schedule}",
        options.Beta1, options.Beta2, options.Epsilon, options.Momentum, options.WeightDecay, options.MaxGradientNorm,
        options.LabelSmoothing, options.RareTokenDropout, options.ClassWeights, options.BalanceClasses, options.ValidationFraction, options.Patience,
        options.RestoreBest, options.FreezeEmbeddings, Truncation = $"{options.Truncation}", Seed = options.SeedOrDefault,
    };

    private static string Hash(ReadOnlySpan<TokenDataset?> datasets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var dataset in datasets)
        {
            int[] sizes = dataset is null ? [-1] : [dataset.Count, dataset.VocabularySize, dataset.ClassCount];
            hash.AppendData(MemoryMarshal.AsBytes(sizes.AsSpan()));
            if (dataset is null) continue;
            hash.AppendData(MemoryMarshal.AsBytes(dataset.Tokens.AsSpan(0, dataset.Offsets[^1])));
            hash.AppendData(MemoryMarshal.AsBytes(dataset.Offsets.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(dataset.Labels.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(dataset.RowWeights.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
