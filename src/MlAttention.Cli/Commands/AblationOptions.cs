using System.CommandLine;
using System.Globalization;
using MlAttention.Ablation;
using MlAttention.Encoders;
using MlAttention.Engines;

namespace MlAttention.Cli.Commands;

/// <summary>The options that make an <see cref="AblationPlan"/>. What is not given stays as the full or the quick plan has it.</summary>
internal sealed class AblationOptions
{
    private readonly Option<bool> _quick = new("--quick") { Description = "A first look in minutes: 3 seeds, 8 epochs, all position schemes, a causal mask for none only, no shuffled training, attention only." };
    private readonly Option<string[]> _positions = Values("--positions", "Position schemes: none, sinusoidal, learned, shawRelative, relativeBias, rotary, alibi.");
    private readonly Option<string[]> _masks = Values("--masks", "Masks: bidirectional, causal, localWindow, causalLocalWindow.");
    private readonly Option<string[]> _encoders = Values("--encoders", "Encoders: attention, lstm, gru, cnn, bagOfEmbeddings.");
    private readonly Option<string[]> _shuffling = Values("--shuffling", "Which texts are shuffled: none, test, train, both.");
    private readonly Option<string[]> _baselines = Values("--baselines", "Models without attention: majority, bagOfWords, bagOfBigrams.");
    private readonly Option<string> _seeds = new("--seeds") { Description = "How many seeds, or a list: 10 means 1 to 10; 3,5,8 means these." };
    private readonly Option<int?> _splitSeed = new("--seed") { Description = "Chooses the test texts; the runs' own seeds are --seeds." };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Most epochs of a run." };
    private readonly Option<int?> _patience = new("--patience") { Description = "Epochs without improvement on the dev texts after which a run ends." };
    private readonly Option<int?> _batch = new("--batch-size") { Description = "Texts in a batch." };
    private readonly Option<double?> _rate = new("--learning-rate") { Description = "Peak learning rate." };
    private readonly Option<int?> _width = new("--width") { Description = "Width of embeddings and layers." };
    private readonly Option<int?> _heads = new("--heads") { Description = "Attention heads." };
    private readonly Option<int?> _layers = new("--layers") { Description = "Encoder layers." };
    private readonly Option<int?> _feedForward = new("--feed-forward") { Description = "Width of the feed-forward network." };
    private readonly Option<int?> _maxLength = new("--max-length") { Description = "Longest text in tokens; longer ones are truncated and counted." };
    private readonly Option<double?> _dropout = new("--dropout") { Description = "Dropout probability." };
    private readonly Option<string?> _pooling = new("--pooling") { Description = "mean, max, cls, last or attention." };
    private readonly Option<string?> _engine = new("--engine") { Description = "auto, torchSharp or managed." };
    private readonly Option<double?> _margin = new("--margin") { Description = "Difference in accuracy below which two variants count as equal, for example 0.01." };
    private readonly Option<double?> _testFraction = new("--test-fraction") { Description = "Share of the texts for testing." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
                 {
                     _quick, _positions, _masks, _encoders, _shuffling, _baselines, _seeds, _splitSeed, _epochs, _patience, _batch, _rate, _width, _heads, _layers,
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
            Masks = Choices(parsed, _masks, plan.Masks),
            Encoders = Choices(parsed, _encoders, plan.Encoders),
            Shuffling = Choices(parsed, _shuffling, plan.Shuffling),
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
            : throw new InputException($"{option} {text}: there is no such value. There are: {string.Join(", ", Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]))}.");

    private static IReadOnlyList<T> Choices<T>(ParseResult parsed, Option<string[]> option, IReadOnlyList<T> otherwise) where T : struct, Enum =>
        parsed.GetResult(option) is null ? otherwise : [.. parsed.GetValue(option)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(text => Choice<T>(text, option.Name))];

    private static int[]? Seeds(string? text)
    {
        if (text is null) return null;
        string[] parts = text.Split(',');
        int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number) ? number : throw new InputException($"--seeds {text}: '{part}' is no whole number. Give a count (10) or a list (3,5,8)."))];
        return numbers.Length > 1 ? numbers : numbers[0] >= 1 ? [.. Enumerable.Range(1, numbers[0])] : throw new InputException($"--seeds {text}: at least 1 seed is needed.");
    }

    private static Option<string[]> Values(string name, string description) => new(name) { Description = description + " Several are separated by commas.", AllowMultipleArgumentsPerToken = false };
}
