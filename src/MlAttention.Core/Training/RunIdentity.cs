using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MlAttention.Core.Training;

/// <summary>What a run's weights follow from. A checkpoint continues only a run with the same identity.</summary>
/// <param name="Engine">The engine's name.</param>
/// <param name="Model">The architecture, as JSON.</param>
/// <param name="Training">The training options that change the weights, as JSON.</param>
/// <param name="Data">A hash of the training and validation rows.</param>
/// <param name="Weights">A hash of the weights given to begin with; null when all are the seed's.</param>
internal sealed record RunIdentity(string Engine, string Model, string Training, string Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Weights = null)
{
    /// <summary>The identity of a run.</summary>
    public static RunIdentity Of(string engine, SequenceModelOptions model, TrainingOptions options, IReadOnlyList<WeightTensor> initialWeights, params ReadOnlySpan<TokenDataset?> datasets) =>
        new(engine, Architecture(model), Relevant(options), Hash(datasets), Hash(initialWeights));

    /// <summary>Checks that a checkpoint is of this run.</summary>
    /// <param name="other">The checkpoint's run.</param>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="ArgumentException">The other identity differs; the message says in what, and in nothing else.</exception>
    public void RequireSame(RunIdentity other, string path)
    {
        OptionDifference[] differences =
        [
            .. Engine == other.Engine ? Array.Empty<OptionDifference>() : [new(nameof(Engine), Engine, other.Engine)],
            .. OptionDifferences.Between(JsonNode.Parse(Model), JsonNode.Parse(other.Model), JsonNode.Parse(Architecture(new()))),
            .. OptionDifferences.Between(JsonNode.Parse(Training), JsonNode.Parse(other.Training), JsonNode.Parse(Relevant(new()))),
        ];
        if (differences.Length > 0)
            throw new ArgumentException($"The checkpoint '{path}' is of a run with {List(differences, difference => difference.Theirs)}; this one has {List(differences, difference => difference.Mine)}, and so other weights from the first step on. Repeat that run's settings, or train without ResumeFrom.");
        if (Weights != other.Weights)
            throw new ArgumentException($"The checkpoint '{path}' is of a run that began with {(other.Weights is null ? "the seed's weights" : "other weights")}. Give what that run began with, or train without ResumeFrom.");
        if (Data != other.Data)
            throw new ArgumentException($"The checkpoint '{path}' is of a run on other data: texts, labels, their order or the rows held out differ. Give that run's data, or train without ResumeFrom.");
    }

    private static string List(OptionDifference[] differences, Func<OptionDifference, string> value) =>
        string.Join(", ", differences.Select(difference => $"{difference.Name} = {value(difference)}"));

    /// <summary>The architecture, without what a derived options class adds and what leaves the weights as they are.</summary>
    private static string Architecture(SequenceModelOptions model) =>
        JsonSerializer.Serialize(model with { GradientCheckpointing = false }, RunJson.Default.SequenceModelOptions);

    /// <summary>The training options, without what leaves the weights as they are: files, callbacks, and the engine, which has a place of its own.</summary>
    private static string Relevant(TrainingOptions options) => JsonSerializer.Serialize(options with
    {
        Compute = options.Compute with { Engine = default },
        InitialWeightsPath = null,
        Seed = options.SeedOrDefault,
        Checkpoints = null,
        ResumeFrom = null,
        LogPath = null,
    }, RunJson.Default.TrainingOptions);

    private static string? Hash(IReadOnlyList<WeightTensor> weights)
    {
        if (weights.Count == 0) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var weight in weights.OrderBy(weight => weight.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(weight.Name));
            hash.AppendData(MemoryMarshal.AsBytes(weight.Values.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

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
            foreach (var part in dataset.Targets.Bytes()) hash.AppendData(part.Span);
            hash.AppendData(MemoryMarshal.AsBytes(dataset.RowWeights.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
