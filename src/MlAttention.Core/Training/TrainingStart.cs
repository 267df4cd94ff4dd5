using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlAttention.Core.Training;

/// <summary>The weights that a run can start from: those that <see cref="TrainingOptions.InitialWeightsPath"/> names, and those of another model.</summary>
internal static class TrainingStart
{
    /// <summary>The weights of a file, of a checkpoint, or of the newest checkpoint of a directory: of a checkpoint those of its best epoch.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="model">The architecture of the model that starts from them.</param>
    /// <param name="layout">Its weights.</param>
    /// <param name="log">Receives a line for each checkpoint that is passed over because it cannot be read.</param>
    /// <exception cref="FileNotFoundException">There is neither such a file nor a directory with a checkpoint.</exception>
    /// <exception cref="InvalidDataException">What is there is damaged, or does not fit the model.</exception>
    /// <exception cref="ArgumentException">A checkpoint is of another architecture; the message says in what.</exception>
    public static StartingWeights Open(string path, SequenceModelOptions model, IReadOnlyList<WeightShape> layout, Action<string>? log)
    {
        const string Option = nameof(TrainingOptions.InitialWeightsPath);
        if (!Directory.Exists(path) && !TrainingCheckpoint.IsOne(path)) return StartingWeights.OfFile(path, layout);
        if (CheckpointStore.Find(path, log) is not var (checkpoint, file)) throw new FileNotFoundException($"{Option} = {path}: the directory has no checkpoint.", path);
        var source = Of(checkpoint, file);
        string[] differences = [.. Differences(model, source.Architecture!).Select(difference => $"{difference.Name} = {difference.Theirs} instead of {difference.Mine}")];
        return differences.Length == 0 ? source : throw new ArgumentException($"{Option} = {path}: the checkpoint is of a model with {string.Join(", ", differences)}, whose weights do not fit this one.");
    }

    /// <summary>The seed of a run: the one that is given, that of the checkpoint that it goes on from, so that a caller without a seed can continue it, or a new one.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="drawn">The new one.</param>
    /// <param name="log">Receives a line where the checkpoint's is taken.</param>
    public static int SeedOf(TrainingOptions options, int drawn, Action<string> log)
    {
        if (options.Seed is { } given) return given;
        if (options.ResumeFrom is not { } path || CheckpointStore.FindSeed(path) is not { } seed) return drawn;
        log(string.Create(CultureInfo.InvariantCulture, $"Seed: {seed}, the checkpoint's."));
        return seed;
    }

    /// <summary>An architecture as JSON, as <see cref="StartingWeights.Architecture"/> has it.</summary>
    public static JsonNode Describe(SequenceModelOptions model) => JsonSerializer.SerializeToNode(model, RunJson.Default.SequenceModelOptions)!;

    /// <summary>
    /// What two architectures differ in, except for what may be chosen anew for the same weights: dropout, gradient checkpointing, how texts are
    /// cut, and their greatest length, unless a table of learned positions is as long.
    /// </summary>
    public static IEnumerable<OptionDifference> Differences(SequenceModelOptions model, JsonNode other)
    {
        bool hasTable = model.Positions == PositionScheme.Learned && model.PositionDetails.LearnedRows is null;
        string[] free = [nameof(model.Dropout), nameof(model.GradientCheckpointing), nameof(model.Truncation), .. hasTable ? (string[])[] : [nameof(model.MaxLength)]];
        return OptionDifferences.Between(Describe(model), other, Describe(new())).Where(difference => !free.Contains(difference.Name));
    }

    private static StartingWeights Of(TrainingCheckpoint checkpoint, string file)
    {
        bool hasBest = checkpoint.Best.Count > 0;
        string what = hasBest ? string.Create(CultureInfo.InvariantCulture, $"the best epoch, {checkpoint.Position.History.Last(epoch => epoch.IsBest).Epoch}") : string.Create(CultureInfo.InvariantCulture, $"step {checkpoint.Position.Step}");
        return new($"{what}, of {file}", checkpoint.Names, hasBest ? checkpoint.Best : checkpoint.Weights) { Architecture = JsonNode.Parse(checkpoint.Identity.Model), IsOfARun = true };
    }
}
