using System.CommandLine;
using System.Globalization;
using MlAttention.Ablation;
using MlAttention.Attention;
using MlAttention.Encoders;
using MlAttention.Engines;
using MlAttention.Positions;

namespace MlAttention.Cli.Commands;

/// <summary>The options that make an <see cref="AblationPlan"/>. What is not given stays as the full or the quick plan has it.</summary>
internal sealed class AblationOptions
{
    private readonly Option<bool> _quick = new("--quick") { Description = "A first look in minutes: 3 seeds, 8 epochs, all position schemes, a causal mask for none only, no shuffled training, attention only." };
    private readonly Option<string[]> _positions = Values("--positions", "Position schemes: " + Names<PositionScheme>() + ".");
    private readonly Option<string[]> _masks = Values("--masks", "Masks: " + Names<MaskKind>() + ".");
    private readonly Option<string[]> _clips = Values("--clip-distances", "Clipping distances of Shaw's relative positions to try beside the usual one, for example 0,2.");
    private readonly Option<bool> _symmetricAlibi = new("--symmetric-alibi") { Description = "Let every head of ALiBi look to both sides; with mean pooling it then cannot tell a text from its reversal." };
    private readonly Option<string[]> _encoders = Values("--encoders", "Encoders: " + Names<EncoderKind>() + ".");
    private readonly Option<string[]> _shuffling = Values("--shuffling", "Which texts are shuffled: " + Names<TokenShuffling>() + ".");
    private readonly Option<string[]> _shuffledTraining = Values("--shuffled-training", "Position schemes that are also trained on shuffled texts, where --shuffling says train or both.");
    private readonly Option<string[]> _baselines = Values("--baselines", "Models without attention: " + Names<BaselineKind>() + ".");
    private readonly Option<string> _seeds = new("--seeds") { Description = "How many seeds, or a list: 10 means 1 to 10; 3,5,8 means these." };
    private readonly Option<int?> _splitSeed = CommonOptions.Number<int>("--seed", "Chooses the test texts; the runs' own seeds are --seeds.");
    private readonly Option<int?> _epochs = CommonOptions.Number<int>("--epochs", "Most epochs of a run.");
    private readonly Option<int?> _patience = CommonOptions.Number<int>("--patience", "Epochs without improvement on the dev texts after which a run ends.");
    private readonly Option<int?> _batch = CommonOptions.Number<int>("--batch-size", "Texts in a batch.");
    private readonly Option<double?> _rate = CommonOptions.Number<double>("--learning-rate", "Peak learning rate.");
    private readonly Option<int?> _width = CommonOptions.Number<int>("--width", "Width of embeddings and layers.");
    private readonly Option<int?> _heads = CommonOptions.Number<int>("--heads", "Attention heads.");
    private readonly Option<int?> _layers = CommonOptions.Number<int>("--layers", "Encoder layers.");
    private readonly Option<int?> _feedForward = CommonOptions.Number<int>("--feed-forward", "Width of the feed-forward network.");
    private readonly Option<int?> _maxLength = CommonOptions.Number<int>("--max-length", "Longest text in tokens; longer ones are truncated and counted.");
    private readonly Option<double?> _dropout = CommonOptions.Number<double>("--dropout", "Dropout probability.");
    private readonly Option<string?> _pooling = new("--pooling") { Description = "mean, max, cls, last or attention." };
    private readonly Option<string?> _engine = new("--engine") { Description = "auto, torchSharp or managed." };
    private readonly Option<double?> _margin = CommonOptions.Number<double>("--margin", "Difference in accuracy below which two variants count as equal, for example 0.01.");
    private readonly Option<double?> _testFraction = CommonOptions.Number<double>("--test-fraction", "Share of the texts for testing.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
                 {
                     _quick, _positions, _clips, _symmetricAlibi, _masks, _encoders, _shuffling, _shuffledTraining, _baselines, _seeds, _splitSeed, _epochs, _patience, _batch, _rate, _width, _heads, _layers,
                     _feedForward, _maxLength, _dropout, _pooling, _engine, _margin, _testFraction,
                 }) command.Add(option);
    }

    /// <summary>The plan that the command line asks for.</summary>
    /// <exception cref="InputException">A value is not one of those allowed.</exception>
    public AblationPlan Plan(ParseResult parsed)
    {
        var plan = parsed.GetValue(_quick) ? AblationPlan.Quick : new AblationPlan();
        return plan with
        {
            Positions = Choices(parsed, _positions, plan.Positions),
            ClipDistances = Distances(parsed) ?? plan.ClipDistances,
            Masks = Choices(parsed, _masks, plan.Masks),
            Encoders = Choices(parsed, _encoders, plan.Encoders),
            Shuffling = Choices(parsed, _shuffling, plan.Shuffling),
            SchemesOfShuffledTraining = Choices(parsed, _shuffledTraining, plan.SchemesOfShuffledTraining),
            Baselines = Choices(parsed, _baselines, plan.Baselines),
            Seeds = Seeds(parsed.GetValue(_seeds)) ?? plan.Seeds,
            SplitSeed = parsed.GetValue(_splitSeed) ?? plan.SplitSeed,
            Epochs = parsed.GetValue(_epochs) ?? plan.Epochs,
            Patience = parsed.GetValue(_patience) ?? plan.Patience,
            BatchSize = parsed.GetValue(_batch) ?? plan.BatchSize,
            LearningRate = parsed.GetValue(_rate) ?? plan.LearningRate,
            Engine = parsed.GetValue(_engine) is { } engine ? Choice<EngineKind>(engine, _engine.Name) : plan.Engine,
            EquivalenceMargin = parsed.GetValue(_margin) ?? plan.EquivalenceMargin,
            TestFraction = parsed.GetValue(_testFraction) ?? plan.TestFraction,
            Model = plan.Model with
            {
                PositionDetails = plan.Model.PositionDetails with { AlibiOneSided = !parsed.GetValue(_symmetricAlibi) },
                ModelWidth = parsed.GetValue(_width) ?? plan.Model.ModelWidth,
                Heads = parsed.GetValue(_heads) ?? plan.Model.Heads,
                Layers = parsed.GetValue(_layers) ?? plan.Model.Layers,
                FeedForwardWidth = parsed.GetValue(_feedForward) ?? plan.Model.FeedForwardWidth,
                MaxLength = parsed.GetValue(_maxLength) ?? plan.Model.MaxLength,
                Dropout = parsed.GetValue(_dropout) ?? plan.Model.Dropout,
                Pooling = parsed.GetValue(_pooling) is { } pooling ? Choice<PoolingKind>(pooling, _pooling.Name) : plan.Model.Pooling,
            },
        };
    }

    /// <summary>Reads a value by its name, in any case.</summary>
    internal static T Choice<T>(string text, string option) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse<T>(found)
            : throw new InputException($"{option} {text}: there is no such value. There are: {Names<T>()}.");

    private static string Names<T>() where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]));

    private static IReadOnlyList<T> Choices<T>(ParseResult parsed, Option<string[]> option, IReadOnlyList<T> otherwise) where T : struct, Enum =>
        parsed.GetResult(option) is null ? otherwise : [.. parsed.GetValue(option)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(text => Choice<T>(text, option.Name))];

    private int[]? Distances(ParseResult parsed) => parsed.GetResult(_clips) is null ? null
        : [.. parsed.GetValue(_clips)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(text =>
            int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int distance) ? distance : throw new InputException($"{_clips.Name} {text}: must be a whole number of tokens from 0."))];

    private static int[]? Seeds(string? text)
    {
        if (text is null) return null;
        string[] parts = text.Split(',');
        int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number) ? number : throw new InputException($"--seeds {text}: '{part}' is no whole number. Give a count (10) or a list (3,5,8)."))];
        return numbers.Length > 1 ? numbers : numbers[0] >= 1 ? [.. Enumerable.Range(1, numbers[0])] : throw new InputException($"--seeds {text}: at least 1 seed is needed.");
    }

    private static Option<string[]> Values(string name, string description) => new(name) { Description = description + " Several are separated by commas.", AllowMultipleArgumentsPerToken = false };
}
