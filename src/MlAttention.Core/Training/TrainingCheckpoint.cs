using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlAttention.Core.Training;

/// <summary>The whole state of a run at the end of a step; written as a safetensors file that other tools can open too.</summary>
/// <param name="Identity">What run this is a state of.</param>
/// <param name="Position">Where the run stands.</param>
/// <param name="Weights">The weights after <see cref="TrainingPosition.Step"/> steps.</param>
/// <param name="Optimizer">The optimizer's state.</param>
/// <param name="Best">The weights of the best validated epoch; empty when none are kept.</param>
internal sealed record TrainingCheckpoint(
    RunIdentity Identity, TrainingPosition Position, IReadOnlyList<WeightTensor> Weights, IReadOnlyList<WeightTensor> Optimizer, IReadOnlyList<WeightTensor> Best)
{
    private const string WeightsPrefix = "weights.";
    private const string OptimizerPrefix = "optimizer.";
    private const string BestPrefix = "best.";
    private const string IdentityKey = "mlattention.run";
    private const string PositionKey = "mlattention.position";

    /// <summary>What the rows of the embedding and of the head stand for; unknown for a checkpoint of an older version.</summary>
    public RowNames Names { get; init; } = RowNames.Unknown;

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(string path)
    {
        WeightTensor[] tensors = [.. Prefixed(WeightsPrefix, Weights), .. Prefixed(OptimizerPrefix, Optimizer), .. Prefixed(BestPrefix, Best)];
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string>(Names.ToMetadata())
        {
            [IdentityKey] = JsonSerializer.Serialize(Identity, RunJson.Default.RunIdentity),
            [PositionKey] = JsonSerializer.Serialize(Position, RunJson.Default.TrainingPosition),
        });
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no checkpoint.</exception>
    public static TrainingCheckpoint Read(string path)
    {
        var tensors = SafetensorsFile.Read(path, out var metadata);
        return new TrainingCheckpoint(
            Parse(metadata, IdentityKey, path, RunJson.Default.RunIdentity), Parse(metadata, PositionKey, path, RunJson.Default.TrainingPosition),
            WithPrefix(WeightsPrefix, tensors), WithPrefix(OptimizerPrefix, tensors), WithPrefix(BestPrefix, tensors))
        { Names = RowNames.Read(metadata, path) };
    }

    /// <summary>Whether a file says that it is a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static bool IsOne(string path)
    {
        using var file = SafetensorsReader.Open(path);
        return file.Metadata.ContainsKey(IdentityKey);
    }

    /// <summary>The seed of the run that a checkpoint is a state of; no weights are read.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no checkpoint.</exception>
    public static int ReadSeed(string path)
    {
        using var file = SafetensorsReader.Open(path);
        return Parse(Parse(file.Metadata, IdentityKey, path, RunJson.Default.RunIdentity).Training, IdentityKey, path, RunJson.Default.SeededOptions).Seed;
    }

    private static T Parse<T>(IReadOnlyDictionary<string, string> metadata, string key, string path, JsonTypeInfo<T> type) => metadata.TryGetValue(key, out string? json)
        ? Parse(json, key, path, type)
        : throw new InvalidDataException($"'{path}' is no checkpoint: it has no metadata '{key}'.");

    private static T Parse<T>(string json, string key, string path, JsonTypeInfo<T> type)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, type) is { } value) return value;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no checkpoint: its metadata '{key}' is damaged.", error);
        }
        throw new InvalidDataException($"'{path}' is no checkpoint: its metadata '{key}' is empty.");
    }

    private static IEnumerable<WeightTensor> Prefixed(string prefix, IReadOnlyList<WeightTensor> tensors) =>
        tensors.Select(tensor => tensor with { Name = prefix + tensor.Name });

    private static WeightTensor[] WithPrefix(string prefix, IReadOnlyList<WeightTensor> tensors) =>
        [.. tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })];
}

/// <summary>Where a run stands, beside the weights and the optimizer's state. Shuffles and dropout follow from it and the seed.</summary>
internal sealed record TrainingPosition
{
    /// <summary>Epochs completed.</summary>
    public int Epoch { get; init; }

    /// <summary>Batches of the running epoch that are done; always at the end of a step.</summary>
    public int Batch { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public int Step { get; init; }

    /// <summary>The last step's learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>Sums over the running epoch.</summary>
    [JsonRequired]
    public EpochSums Sums { get; init; } = new();

    /// <summary>The completed epochs.</summary>
    [JsonRequired]
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];

    /// <summary>Wall time before this position, in seconds.</summary>
    public double ElapsedSeconds { get; init; }
}

/// <summary>Sums over the batches of an epoch.</summary>
internal sealed record EpochSums
{
    /// <summary>Weighted sum of the rows' losses.</summary>
    public double Loss { get; init; }

    /// <summary>Sum of the rows' weights.</summary>
    public double Weight { get; init; }

    /// <summary>Real tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>Positions of the batches, with padding.</summary>
    public long Positions { get; init; }

    /// <summary>Wall time in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Mean loss of a unit of weight; 0 before the first batch.</summary>
    public double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    /// <summary>The part of the positions that was padding.</summary>
    public double PaddingFraction => Positions > 0 ? 1 - (double)Tokens / Positions : 0;

    /// <summary>Both sums together.</summary>
    public static EpochSums operator +(EpochSums left, EpochSums right) => new()
    {
        Loss = left.Loss + right.Loss,
        Weight = left.Weight + right.Weight,
        Tokens = left.Tokens + right.Tokens,
        Positions = left.Positions + right.Positions,
        Seconds = left.Seconds + right.Seconds,
    };
}

/// <summary>What a run is and where it stands, as JSON without reflection.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunIdentity))]
[JsonSerializable(typeof(TrainingPosition))]
[JsonSerializable(typeof(SeededOptions))]
[JsonSerializable(typeof(SequenceModelOptions))]
[JsonSerializable(typeof(TrainingOptions))]
internal sealed partial class RunJson : JsonSerializerContext;

/// <summary>The seed among the training options of a run's identity.</summary>
internal sealed record SeededOptions(int Seed);
