namespace MlAttention.Cli.Options;

/// <summary>The pretrained encoder that a command starts from, and how it is trained on; the same for every command that trains one.</summary>
internal sealed class PretrainedOptions
{
    private const string NeededFiles = "config.json, model.safetensors (or parts with model.safetensors.index.json) and the tokenizer's files: vocab.txt, or vocab.json with merges.txt, or sentencepiece.bpe.model, or tokenizer.json";
    private static readonly string s_known = Path.Combine(AppContext.BaseDirectory, "pretrained");
    private static readonly TrainingOptions s_fineTuning = TrainingOptions.FineTuning;
    private readonly Option<string?> _encoder = Encoder("Start from a pretrained encoder instead of from nothing");
    private readonly Option<int?> _frozenLayers = CommonOptions.Number<int>("--freeze-layers", FormattableString.Invariant($"First layers of the encoder that stay as they are, with the embeddings below them; by default {s_fineTuning.FrozenLayers}."));
    private readonly Option<double?> _layerDecay = CommonOptions.Number<double>("--layer-decay", $"Factor on the learning rate of a layer for each layer above it; by default {ReportText.Number(s_fineTuning.Optimizer.LayerDecay)}.");
    private readonly Option<double?> _headRate = CommonOptions.Number<double>("--head-rate", $"Factor on the learning rate of the head above the encoder; by default {ReportText.Number(s_fineTuning.Optimizer.HeadRate)}.");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> Options => [_encoder, _frozenLayers, _layerDecay, _headRate];

    /// <summary>--pretrained alone, for a command that settles how the encoder is trained on.</summary>
    public Option<string?> EncoderOption => _encoder;

    /// <summary>--pretrained</summary>
    /// <param name="purpose">What the command does with the encoder.</param>
    public static Option<string?> Encoder(string purpose) =>
        new("--pretrained") { Description = $"{purpose}: {string.Join(", ", KnownNames)}, which comes with this program, or a Hugging Face folder of a BERT, DistilBERT, RoBERTa or XLM-RoBERTa." };

    /// <summary>The encoders that come with the program.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = Directory.Exists(s_known) ? [.. Directory.GetDirectories(s_known).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)] : [];

    /// <summary>The encoder that the command line asks for; null for none.</summary>
    /// <param name="hasOther">Whether the command starts from an encoder that was fine-tuned before.</param>
    /// <exception cref="InputException">There is no such encoder, or options of training one are given without it.</exception>
    public PretrainedEncoder? Load(ParseResult parsed, bool hasOther = false)
    {
        if (parsed.GetValue(_encoder) is { } name) return Load(name);
        if (!hasOther && Options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } without)
            throw new InputException($"{without.Name} is for a pretrained encoder; name one with {_encoder.Name}.");
        return null;
    }

    /// <summary>Loads an encoder.</summary>
    /// <param name="name">One of <see cref="KnownNames"/>, or a folder.</param>
    /// <exception cref="InputException">There is neither.</exception>
    /// <exception cref="InvalidDataException">The folder's files are damaged, or not of a kind that is supported.</exception>
    public static PretrainedEncoder Load(string name)
    {
        if (KnownNames.Contains(name)) return PretrainedEncoder.Load(Path.Combine(s_known, name));
        if (Directory.Exists(name)) return PretrainedEncoder.Load(name);
        string known = KnownNames.Count == 0 ? "none" : ReportText.List(KnownNames);
        string what = File.Exists(name) ? "is a file, not a folder" : $"is neither a folder (looked in {Environment.CurrentDirectory}) nor the name of an encoder that comes with this program";
        throw new InputException($"--pretrained {name}: that {what}. Names: {known}. A folder needs {NeededFiles}.");
    }

    /// <summary>How the encoder is trained on: as the command line says, and else as the training has it.</summary>
    public TrainingOptions Training(ParseResult parsed, TrainingOptions otherwise) => otherwise with
    {
        FrozenLayers = parsed.GetValue(_frozenLayers) ?? otherwise.FrozenLayers,
        Optimizer = otherwise.Optimizer with
        {
            LayerDecay = parsed.GetValue(_layerDecay) ?? otherwise.Optimizer.LayerDecay,
            HeadRate = parsed.GetValue(_headRate) ?? otherwise.Optimizer.HeadRate,
        },
    };

    /// <summary>Fails where texts may be longer than the encoder has positions for, or have no place beside what stands around them.</summary>
    /// <param name="maxLength">--max-length; null where it is not given.</param>
    /// <exception cref="InputException">It is out of that range.</exception>
    public static void RequireLength(PretrainedEncoder encoder, int? maxLength)
    {
        int most = encoder.Architecture.MostPositions;
        if (maxLength < SequenceCut.LeastWithBoundaries || maxLength > most)
            throw new InputException($"--max-length {maxLength}: {encoder.Name} reads texts of {SequenceCut.LeastWithBoundaries} to {most} tokens, those around them included.");
    }

    /// <summary>The pooling of a classifier over an encoder, whose tokenizer has put the CLS token there already.</summary>
    public static PoolingKind Pooling(PoolingKind asked) => asked == PoolingKind.Cls ? PoolingKind.First : asked;

    /// <summary>Fails where options are given that the encoder's weights settle.</summary>
    /// <param name="settled">Those options.</param>
    /// <exception cref="InputException">One is given.</exception>
    public void RequireNone(ParseResult parsed, IEnumerable<Option> settled)
    {
        if (settled.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new InputException($"{given.Name} cannot be chosen with {_encoder.Name}: the encoder's weights are made for its own architecture. Leave {given.Name} out, or {_encoder.Name} to train from nothing.");
    }
}
