using System.Text.RegularExpressions;
using Microsoft.ML.Runtime;

namespace MlAttention.Cli.Options;

/// <summary>Says in a command's options what a message of the library says in options of its own.</summary>
/// <param name="command">The command that the user called; null where any may have been.</param>
internal sealed partial class OptionWords(Command? command = null)
{
    /// <summary>The properties of the library whose option has their name.</summary>
    private static readonly HashSet<string> s_sameName = new(StringComparer.Ordinal)
    {
        "Epochs", "Patience", "BatchSize", "LearningRate", "Optimizer.LearningRate", "Optimizer.LayerDecay", "Optimizer.HeadRate", "Seed", "Seeds", "Engine", "Compute.Engine", "Compute.Threads", "Heads", "Layers", "MaxLength",
        "Dropout", "MaskedShare", "Pooling", "Task", "Positions", "ClipDistances", "Masks", "Encoders", "Shuffling", "Baselines", "Precision", "TestFraction", "TokenTypes", "TrainingTexts", "TestTexts",
        "Temperature", "TopK", "TopP", "RepetitionPenalty", "NoRepeatNgram", "MostTokens",
    };

    /// <summary>The options for each of the others; of several, the one that the command has.</summary>
    private static readonly Dictionary<string, string[]> s_options = new(StringComparer.Ordinal)
    {
        ["SplitSeed"] = ["--seed"],
        ["OrderedParts"] = ["--parts"],
        ["TextColumns"] = ["--pairs"],
        ["VocabularySize"] = ["--vocabulary"],
        ["FrozenLayers"] = ["--freeze-layers"],
        ["ModelWidth"] = ["--width"],
        ["FeedForwardWidth"] = ["--feed-forward"],
        ["PositionDetails.ClipDistance"] = ["--clip-distance", "--clip-distances"],
        ["ClipDistance"] = ["--clip-distance", "--clip-distances"],
        ["Mask"] = ["--mask", "--masks"],
        ["Encoder"] = ["--encoder", "--encoders"],
        ["SchemesOfShuffledTraining"] = ["--shuffled-training"],
        ["EquivalenceMargin"] = ["--margin"],
        ["PretrainedDetails.Variants"] = ["--variants"],
        ["PretrainedDetails.LearningRates"] = ["--learning-rate"],
        ["PretrainedDetails.Permutations"] = ["--permutations"],
        ["ResumeFrom"] = ["--checkpoints"],
        ["Checkpoints.Directory"] = ["--checkpoints"],
        ["LogPath"] = ["--log"],
        ["ContinueFrom"] = ["--from"],
        ["MaxDuration"] = ["--max-minutes"],
        ["StopTokens"] = ["--stop"],
    };

    /// <summary>What has no option of the same kind.</summary>
    private static readonly (string Library, string CommandLine)[] s_phrases =
    [
        ("Repeat that run's settings, or train without ResumeFrom.", "Repeat that run's options, or name another folder with --checkpoints to train from the beginning."),
        ("Give that run's data, or train without ResumeFrom.", "Give that run's data, or name another folder with --checkpoints to train from the beginning."),
        ("Lower LearningRate, set MaxGradientNorm to 1, or look for broken rows or weights among these.", "Lower --learning-rate, or look for broken rows among these."),
        ("Give another group column, or none.", "Give another column with --group, or --group none."),
        ("BalanceClasses = True: goes", "--class-weights balanced goes"),
        ("BalanceClasses = true", "--class-weights balanced"),
        ("BalanceClasses = false", "--class-weights none"),
        ("PositionDetails.AlibiOneSided = true", "no --symmetric-alibi"),
        ("PositionDetails.AlibiOneSided = false", "--symmetric-alibi"),
        ("Model = the model: ", ""),
        ("EngineKind.", ""),
    ];

    /// <summary>The message in the command's words. What the command has no option for is said in plain words.</summary>
    public string In(string message)
    {
        foreach (var (library, commandLine) in s_phrases) message = message.Replace(library, commandLine, StringComparison.Ordinal);
        return Property().Replace(ErrorCount().Replace(message, ""), InOption);
    }

    /// <summary>From now on each warning that ML.NET logs, such as of rows that were left out, is said in these words.</summary>
    public void ShowWarnings(MLContext context, Action<string> say) => context.Log += (_, logged) =>
    {
        if (logged.Kind == ChannelMessageKind.Warning) say($"warning: {In(logged.RawMessage)}");
    };

    private string InOption(Match match)
    {
        string name = match.Groups["name"].Value;
        string[]? options = s_sameName.Contains(name) ? ["--" + JsonNamingPolicy.KebabCaseLower.ConvertName(name.Split('.')[^1])] : s_options.GetValueOrDefault(name);
        if (options is null) return match.Value;
        string option = Array.Find(options, candidate => command is null || command.Options.Any(option => option.Name == candidate)) ?? options[0][2..].Replace('-', ' ');
        return match.Groups["value"] is { Success: true, Value: var value } ? $"{option} {(char.IsAsciiLetterUpper(value[0]) ? char.ToLowerInvariant(value[0]) + value[1..] : value)}" : option;
    }

    /// <summary>"TrainingOptions has 1 error(s): "</summary>
    [GeneratedRegex(@"\b\w+(?:Options|Plan) has \d+ error\(s\): ")]
    private static partial Regex ErrorCount();

    /// <summary>A property with its value, "Epochs = 0", "Engine = Managed", or a name that is no English word, "MaxLength".</summary>
    [GeneratedRegex(@"(?<![\w.])(?:(?<name>[A-Z]\w*(?:\.[A-Z]\w*)?) = (?<value>\S)|(?<name>(?:[A-Z][a-z]+){2,})\b)")]
    private static partial Regex Property();
}
