namespace MlAttention.Cli.Options;

/// <summary>The options of a model and its training that mean the same for train and for ablate. What is not given stays as the command has it.</summary>
internal sealed class ModelOptions
{
    private static readonly SequenceModelOptions s_model = new();
    private readonly Option<int?> _width, _heads, _layers, _feedForward;
    private readonly Option<double?> _dropout;
    private readonly Option<string?> _pooling = new("--pooling") { Description = $"{Names<PoolingKind>()}; by default {Name(s_model.Pooling)}." };
    private readonly Option<bool> _symmetricAlibi = new("--symmetric-alibi") { Description = "Let every head of ALiBi look to both sides; with mean pooling it then cannot tell a text from its reversal." };
    private readonly Option<string?> _engine = new("--engine") { Description = $"{Names<EngineKind>()}; by default auto, which is managed where that covers the model." };

    /// <summary>The options of a command.</summary>
    /// <param name="epochs">The command's default, for the help; so are the others.</param>
    /// <param name="defaults">The sizes where others than those of a classifier are the command's defaults.</param>
    public ModelOptions(string epochs, string patience, string batchSize, string learningRate, SequenceModelOptions? defaults = null)
    {
        var model = defaults ?? s_model;
        _width = Number("--width", "Width of embeddings and layers", model.ModelWidth);
        _heads = Number("--heads", "Attention heads", model.Heads);
        _layers = Number("--layers", "Encoder layers", model.Layers);
        _feedForward = Number("--feed-forward", "Width of the feed-forward network", model.FeedForwardWidth);
        _dropout = CommonOptions.Number<double>("--dropout", $"Dropout probability; by default {ReportText.Number(model.Dropout)}.");
        Epochs = CommonOptions.Number<int>("--epochs", $"Most epochs; by default {epochs}.");
        Patience = CommonOptions.Number<int>("--patience", $"Epochs without improvement on the validation rows after which training ends; by default {patience}.");
        BatchSize = CommonOptions.Number<int>("--batch-size", $"Texts in a batch; by default {batchSize}.");
        LearningRate = CommonOptions.Number<double>("--learning-rate", $"Peak learning rate; by default {learningRate}.");
    }

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> Options => [Epochs, Patience, BatchSize, LearningRate, .. Sizes, MaxLength, _dropout, _pooling, _symmetricAlibi, _engine];

    /// <summary>Those of them that an encoder alone has, without a head.</summary>
    public IEnumerable<Option> Encoder => [Epochs, Patience, BatchSize, LearningRate, .. Sizes, MaxLength, _dropout, _engine];

    /// <summary>Those of them that the weights of a pretrained encoder settle.</summary>
    public IEnumerable<Option> Settled => [.. Sizes, _symmetricAlibi];

    /// <summary>The sizes of the encoder.</summary>
    public IEnumerable<Option> Sizes => [_width, _heads, _layers, _feedForward];

    /// <summary>--epochs</summary>
    public Option<int?> Epochs { get; }

    /// <summary>--patience</summary>
    public Option<int?> Patience { get; }

    /// <summary>--batch-size</summary>
    public Option<int?> BatchSize { get; }

    /// <summary>--learning-rate</summary>
    public Option<double?> LearningRate { get; }

    /// <summary>--max-length</summary>
    public Option<int?> MaxLength { get; } = Number("--max-length", "Longest text in words, with --pretrained in the encoder's tokens; longer ones are cut and counted", s_model.MaxLength);

    /// <summary>--engine</summary>
    /// <exception cref="InputException">There is no such engine.</exception>
    public EngineKind Engine(ParseResult parsed) => parsed.GetValue(_engine) is { } engine ? Choice<EngineKind>(engine, _engine.Name) : EngineKind.Auto;

    /// <summary>The architecture that the command line asks for.</summary>
    /// <param name="otherwise">What is not given.</param>
    /// <exception cref="InputException">A value is not one of those allowed.</exception>
    public T Architecture<T>(ParseResult parsed, T otherwise) where T : SequenceModelOptions => otherwise with
    {
        PositionDetails = otherwise.PositionDetails with { AlibiOneSided = otherwise.PositionDetails.AlibiOneSided && !parsed.GetValue(_symmetricAlibi) },
        ModelWidth = parsed.GetValue(_width) ?? otherwise.ModelWidth,
        Heads = parsed.GetValue(_heads) ?? otherwise.Heads,
        Layers = parsed.GetValue(_layers) ?? otherwise.Layers,
        FeedForwardWidth = parsed.GetValue(_feedForward) ?? otherwise.FeedForwardWidth,
        MaxLength = parsed.GetValue(MaxLength) ?? otherwise.MaxLength,
        Dropout = parsed.GetValue(_dropout) ?? otherwise.Dropout,
        Pooling = parsed.GetValue(_pooling) is { } pooling ? Choice<PoolingKind>(pooling, _pooling.Name) : otherwise.Pooling,
    };

    /// <summary>The training that the command line asks for.</summary>
    /// <param name="otherwise">What is not given.</param>
    public TrainingOptions Training(ParseResult parsed, TrainingOptions otherwise) => otherwise with
    {
        Epochs = parsed.GetValue(Epochs) ?? otherwise.Epochs,
        Patience = parsed.GetValue(Patience) ?? otherwise.Patience,
        BatchSize = parsed.GetValue(BatchSize) ?? otherwise.BatchSize,
        Optimizer = otherwise.Optimizer with { LearningRate = parsed.GetValue(LearningRate) ?? otherwise.Optimizer.LearningRate },
    };

    /// <summary>An option that takes one of the values of an enumeration: of all, or of those given.</summary>
    public static Option<string?> One<T>(string name, string description, T byDefault, params T[] values) where T : struct, Enum => new(name) { Description = $"{description}: {Names(values)}; by default {Name(byDefault)}." };

    /// <summary>Reads a value by its name, in any case.</summary>
    /// <exception cref="InputException">There is no such value; the message lists those there are.</exception>
    public static T Choice<T>(string text, string option, params T[] values) where T : struct, Enum =>
        Values(values).Where(value => string.Equals(Name(value), text.Trim(), StringComparison.OrdinalIgnoreCase)).Cast<T?>().FirstOrDefault()
            ?? throw new InputException($"{option} {text}: there is no such value. There are: {Names(values)}.");

    /// <summary>The names of an enumeration's values on the command line: of all, or of those given.</summary>
    public static string Names<T>(params T[] values) where T : struct, Enum => string.Join(", ", Values(values).Select(Name));

    private static T[] Values<T>(T[] given) where T : struct, Enum => given.Length > 0 ? given : Enum.GetValues<T>();

    /// <summary>The name of a value on the command line.</summary>
    public static string NameOf<T>(T value) where T : struct, Enum => Name(value);

    private static string Name<T>(T value) where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static Option<int?> Number(string name, string description, int byDefault) => CommonOptions.Number<int>(name, FormattableString.Invariant($"{description}; by default {byDefault}."));
}
