using MlAttention.Cli.Output;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention pretrain: an encoder that has read one's own texts, as a Hugging Face folder that train, ablate and embed start from.</summary>
internal sealed class PretrainCommand : CliCommand
{
    private static readonly PretrainingOptions s_defaults = new();
    private readonly Argument<string[]> _data = CsvInput.Files();
    private readonly CsvInput _input = new();
    private readonly Option<string> _output = new("--out", "-o") { Description = "The folder to write: new, empty, or one of such an encoder, which --force replaces.", DefaultValueFactory = _ => "encoder" };
    private readonly Option<string?> _encoder = PretrainedOptions.Encoder("Go on from a pretrained encoder instead of from nothing");
    private readonly Option<int?> _vocabulary = CommonOptions.Number<int>("--vocabulary", FormattableString.Invariant($"Most tokens of the vocabulary that is learned from the texts; by default {s_defaults.VocabularySize}."));
    private readonly Option<bool> _cased = new("--cased") { Description = "Learn a vocabulary that tells upper case from lower case, and letters with accents from those without." };
    private readonly Option<double?> _maskedShare = CommonOptions.Number<double>("--masked-share", $"Share of a text's words that are to be predicted; by default {ReportText.Number(s_defaults.MaskedShare)}.");
    private readonly ModelOptions _model = new(
        Default(training => training.Epochs!.Value), Default(training => training.Patience), Default(training => training.BatchSize), Default(training => training.Optimizer.LearningRate), s_defaults.Architecture);
    private readonly RunOptions _run = new();

    public PretrainCommand(CliConsole console) : base(console, "pretrain", "Pre-train an encoder on texts without labels and write it as a Hugging Face folder.")
    {
        _model.MaxLength.Description = FormattableString.Invariant($"Longest sequence in tokens; a longer text becomes several; by default {s_defaults.MaxLength}.");
        Declare([_data, _output, _encoder, _vocabulary, _cased, _maskedShare, .. _model.Encoder, .. _run.Options, .. Common, .. _input.Options(labelled: false)]);
    }

    private static string Default(Func<TrainingOptions, double> value) =>
        ReportText.Number(value(s_defaults.Training)) is var own && ReportText.Number(value(PretrainingOptions.Adapting)) is var other && own == other ? own : $"{own}, with --pretrained {other}";

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        string folder = parsed.GetValue(_output)!;
        RequireWritable(parsed, folder);
        var options = Wanted(parsed, cancellation);
        options.Validate();
        var context = new MLContext(options.Training.Seed);
        using var display = new TrainingDisplay(Console, context, new OptionWords(this), Silent(parsed));
        try
        {
            var texts = new InterruptibleView(_input.Open(context, parsed, _input.Settings(parsed), parsed.GetValue(_data)!, labelled: false), cancellation);
            var encoder = context.Attention().PretrainEncoder(texts, options with { Training = options.Training with { Progress = display } });
            encoder.SaveHuggingFace(folder);
            display.Dispose();
            Console.Output.WriteLine(Json(parsed) ? JsonOf(encoder, folder) : Sentence(encoder, folder));
            return ExitCode.Success;
        }
        catch (Exception error) when (ParallelReading.CauseOf(error) is OperationCanceledException)
        {
            display.Dispose();
            Console.Error.WriteLine($"mlattention: interrupted {_run.Interruption(parsed, display.Last)}");
            return ExitCode.Failure;
        }
    }

    /// <summary>The folder is written at the end, which must not fail then.</summary>
    private void RequireWritable(ParseResult parsed, string folder)
    {
        OutputFile.RequireWritableFolder(folder, _output.Name);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !Force(parsed)) throw new InputException($"{folder} exists and is not empty. Choose another folder, or replace an encoder with --force.");
        _run.RequireWritable(parsed);
    }

    private PretrainingOptions Wanted(ParseResult parsed, CancellationToken cancellation)
    {
        var encoder = parsed.GetValue(_encoder) is { } name ? PretrainedOptions.Load(name) : null;
        if (encoder is not null)
        {
            Option[] settled = [_vocabulary, _cased, .. _model.Sizes];
            if (settled.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given) throw new InputException($"{given.Name} cannot be chosen with {_encoder.Name}: the encoder has its own. Leave {given.Name} out, or {_encoder.Name} to begin from nothing.");
            PretrainedOptions.RequireLength(encoder, parsed.GetValue(_model.MaxLength));
        }
        var defaults = encoder is null ? s_defaults : new PretrainingOptions(encoder);
        var size = _model.Architecture(parsed, defaults.Architecture);
        return defaults with
        {
            VocabularySize = parsed.GetValue(_vocabulary) ?? defaults.VocabularySize,
            LowerCase = !parsed.GetValue(_cased),
            MaskedShare = parsed.GetValue(_maskedShare) ?? defaults.MaskedShare,
            ModelWidth = size.ModelWidth,
            Layers = size.Layers,
            Heads = size.Heads,
            FeedForwardWidth = size.FeedForwardWidth,
            MaxLength = size.MaxLength,
            Dropout = size.Dropout,
            Training = _run.Training(parsed, _model.Training(parsed, defaults.Training), _model.Engine(parsed), cancellation),
        };
    }

    private static string Sentence(PretrainedEncoder encoder, string folder)
    {
        var summary = encoder.Pretraining!;
        return summary.Perplexity is not { } perplexity
            ? $"{folder}: trained for {summary.ChosenEpoch} epochs; too few texts to hold some out, so its perplexity is not known"
            : ReportText.Invariant($"{folder}: perplexity {perplexity:0.00} on {ReportText.Count(summary.HeldOutTexts)} held-out texts, {summary.PerplexityBefore:0.00} before training, after epoch {summary.ChosenEpoch} of {summary.Perplexities.Count}, whose weights are kept");
    }

    private static string JsonOf(PretrainedEncoder encoder, string folder)
    {
        var summary = encoder.Pretraining!;
        return JsonSerializer.Serialize(new
        {
            written = folder,
            trainingTexts = summary.TrainingTexts,
            heldOutTexts = summary.HeldOutTexts,
            emptyTexts = summary.EmptyTexts,
            vocabulary = encoder.Tokenizer.VocabularySize,
            perplexityBefore = summary.PerplexityBefore,
            perplexity = summary.Perplexity,
            perplexities = summary.Perplexities,
            bestEpoch = summary.ChosenEpoch,
            seconds = summary.Duration.TotalSeconds,
        });
    }
}
