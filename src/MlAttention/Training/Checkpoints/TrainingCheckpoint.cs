using System.Text.Json;
using System.Text.Json.Serialization;
using MlAttention.Weights;

namespace MlAttention.Training.Checkpoints;

/// <summary>The whole state of a run at the end of a step; written as a safetensors file that other tools can open too.</summary>
internal sealed record TrainingCheckpoint
{
    private const string WeightsPrefix = "weights.";
    private const string OptimizerPrefix = "optimizer.";
    private const string BestPrefix = "best.";
    private const string IdentityKey = "mlattention.run";
    private const string PositionKey = "mlattention.position";
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>What run this is a state of.</summary>
    public required RunIdentity Identity { get; init; }

    /// <summary>Where the run stands.</summary>
    public required TrainingPosition Position { get; init; }

    /// <summary>The weights after <see cref="TrainingPosition.Step"/> steps.</summary>
    public required IReadOnlyList<WeightTensor> Weights { get; init; }

    /// <summary>The optimizer's state.</summary>
    public required IReadOnlyList<WeightTensor> Optimizer { get; init; }

    /// <summary>The weights of the best validated epoch; empty when none are kept.</summary>
    public required IReadOnlyList<WeightTensor> Best { get; init; }

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(string path)
    {
        WeightTensor[] tensors = [.. Prefixed(WeightsPrefix, Weights), .. Prefixed(OptimizerPrefix, Optimizer), .. Prefixed(BestPrefix, Best)];
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string>
        {
            [IdentityKey] = JsonSerializer.Serialize(Identity, Json),
            [PositionKey] = JsonSerializer.Serialize(Position, Json),
        });
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no checkpoint.</exception>
    public static TrainingCheckpoint Read(string path)
    {
        var tensors = SafetensorsFile.Read(path, out var metadata);
        return new TrainingCheckpoint
        {
            Identity = Parse<RunIdentity>(metadata, IdentityKey, path),
            Position = Parse<TrainingPosition>(metadata, PositionKey, path),
            Weights = WithPrefix(WeightsPrefix, tensors),
            Optimizer = WithPrefix(OptimizerPrefix, tensors),
            Best = WithPrefix(BestPrefix, tensors),
        };
    }

    /// <summary>The seed of the run that a checkpoint is a state of; no weights are read.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no checkpoint.</exception>
    public static int ReadSeed(string path)
    {
        using var file = SafetensorsReader.Open(path);
        return Parse<SeededOptions>(Parse<RunIdentity>(file.Metadata, IdentityKey, path).Training, IdentityKey, path).Seed;
    }

    private static T Parse<T>(IReadOnlyDictionary<string, string> metadata, string key, string path) => metadata.TryGetValue(key, out var json)
        ? Parse<T>(json, key, path)
        : throw new InvalidDataException($"'{path}' is no checkpoint: it has no metadata '{key}'.");

    private static T Parse<T>(string json, string key, string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<T>(json, Json) is { } value) return value;
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

    /// <summary>The seed among the training options of a run's identity.</summary>
    private sealed record SeededOptions([property: JsonRequired] int Seed);
}
