using MlAttention.Cli.Output;
using MlAttention.Cli.Remarks;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention train: a classifier for one's own texts, or a model that writes such texts, through an ordinary ML.NET pipeline.</summary>
internal sealed class TrainCommand : CliCommand
{
    private const string Balanced = "balanced", Unweighted = "none";
    private static readonly AttentionClassifierOptions s_defaults = new();
    private static readonly TrainingOptions s_training = s_defaults.Training, s_fineTuning = TrainingOptions.FineTuning;
    private readonly Argument<string[]> _data = CsvInput.Files();
    private readonly CsvInput _input = new();
    private readonly Option<string> _output = new("--out", "-o") { Description = "The model file to write, an ML.NET zip.", DefaultValueFactory = _ => "model.zip" };
    private readonly Option<string[]> _validation = new("--validation") { Description = "CSV files, or patterns, given one by one, whose rows choose the best epoch; without it a tenth of the rows is held out." };
    private readonly Option<string?> _positions = ModelOptions.One("--positions", "Position scheme", s_defaults.Positions);
    private readonly Option<string?> _mask = ModelOptions.One("--mask", "Which words a word attends to", s_defaults.Mask);
    private readonly Option<string?> _encoder = ModelOptions.One("--encoder", "Encoder", s_defaults.Encoder);
    private readonly Option<int?> _clipDistance = CommonOptions.Number<int>("--clip-distance", FormattableString.Invariant($"Clipping distance of Shaw's relative positions, in words; by default {s_defaults.PositionDetails.ClipDistance}."));
    private readonly Option<int?> _tokenTypes = CommonOptions.Number<int>("--token-types", FormattableString.Invariant($"With --pairs, vectors that tell the texts apart: 2 for two; by default {s_defaults.TokenTypes}, and a pretrained encoder has its own."));
    private readonly TaskOptions _task = new();
    private readonly Option<string?> _from = EarlierModel.Option();
    private readonly PretrainedOptions _pretrained = new();
    private readonly ModelOptions _model = new(
        $"{TrainingOptions.DefaultEpochs}, with --pretrained 4, or up to 8 where rows are few", Default(training => training.Patience), Default(training => training.BatchSize), Default(training => training.Optimizer.LearningRate));
    private readonly Option<string?> _classWeights = new("--class-weights") { Description = $"{Balanced}: rows / (classes x rows of the class), so that rare classes count as much as frequent ones; by default {Unweighted}." };
    private readonly RunOptions _run = new();

    public TrainCommand(CliConsole console) : base(console, "train", "Train a classifier, or a model that writes texts, on CSV files and save it.") =>
        Declare(
        [
            _data, _output, _validation, _from, .. _task.Options, .. _pretrained.Options, _positions, _mask, _encoder, _clipDistance, _tokenTypes, .. _model.Options,
            _classWeights, .. _run.Options, .. Common, .. _input.Options(grouped: true, paired: true),
        ]);

    private static string Default(Func<TrainingOptions, double> value) => $"{ReportText.Number(value(s_training))}, with --pretrained {ReportText.Number(value(s_fineTuning))}";

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        RequireWritable(parsed);
        var context = new MLContext(_run.Seed(parsed));
        var train = _task.Task(parsed) == TaskKind.NextToken ? Generator(context, parsed, cancellation) : Classifier(context, parsed, cancellation);
        using var display = new TrainingDisplay(Console, context, new OptionWords(this), Silent(parsed));
        try
        {
            var trained = train(display);
            display.Dispose();
            Console.Output.WriteLine(Json(parsed) ? trained.Json() : trained.Sentence());
            return ExitCode.Success;
        }
        catch (Exception error) when (ParallelReading.CauseOf(error) is OperationCanceledException)
        {
            display.Dispose();
            Console.Error.WriteLine($"mlattention: interrupted {_run.Interruption(parsed, display.Last)}");
            return ExitCode.Failure;
        }
    }

    /// <summary>What trains a classifier, once its options are known to be right.</summary>
    private Func<TrainingDisplay, TrainingResult> Classifier(MLContext context, ParseResult parsed, CancellationToken cancellation)
    {
        var earlier = parsed.GetValue(_from) is { } from ? EarlierModel.Load(context, from) : null;
        if (earlier is not null && parsed.GetValue(_pretrained.EncoderOption) is not null) throw new InputException($"Give either {_pretrained.EncoderOption.Name} or {_from.Name}: training starts from the one or from the other.");
        var options = ClassifierOptions(parsed, _pretrained.Load(parsed, hasOther: earlier?.Classifier.ModelType is not null), earlier, cancellation);
        options.Validate();
        if (earlier is not null && options.Task != TaskKind.SingleLabel) throw new InputException($"{_from.Name} goes with --task singleLabel.");
        return display => options.Task == TaskKind.SingleLabel ? Train(context, parsed, options, earlier, display, cancellation) : TrainTask(context, parsed, options, display, cancellation);
    }

    /// <summary>What trains a model that writes texts, on texts alone.</summary>
    private Func<TrainingDisplay, TrainingResult> Generator(MLContext context, ParseResult parsed, CancellationToken cancellation)
    {
        Option[] ofClassifiers = [_pretrained.EncoderOption, _from, _encoder, _tokenTypes, _classWeights];
        if (ofClassifiers.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given) throw new InputException($"{given.Name} does not go with --task nextToken.");
        var settings = _task.Settings(parsed, _input.Settings(parsed));
        if (settings.Pairs || _input.GroupIsGiven(parsed)) throw new InputException($"{(settings.Pairs ? "--pairs" : "--group")} does not go with --task nextToken, which reads one column of texts.");
        _pretrained.Load(parsed, hasOther: false);       // refuses what goes with an encoder alone
        var defaults = new TextGeneratorOptions();
        var options = Architecture(parsed, defaults) with { Training = Training(parsed, defaults.Training, cancellation) };
        options.Validate();
        return display =>
        {
            var data = Open(parsed.GetValue(_data)!);
            var estimator = context.Attention().TextGenerator(options with { Training = options.Training with { Progress = display } });
            var model = HasValidation(parsed) ? estimator.Fit(data, Open(parsed.GetValue(_validation)!)) : estimator.Fit(data);
            string path = Save(context, new TransformerChain<ITransformer>(model), data.Schema, settings, parsed);
            return new(path, null, model.Training!, null, HasValidation(parsed));
        };

        IDataView Open(string[] files) => new InterruptibleView(_input.Open(context, parsed, settings, files, labelled: false), cancellation);
    }

    private TrainingResult Train(MLContext context, ParseResult parsed, AttentionClassifierOptions options, EarlierModel? earlier, TrainingDisplay display, CancellationToken cancellation)
    {
        var settings = _task.Settings(parsed, _input.Settings(parsed, earlier?.Settings));
        settings.TellDifferences(earlier?.Settings, labelled: true, Console);
        if (HasValidation(parsed) && _input.GroupIsGiven(parsed)) throw new InputException("Give either --group or --validation: groups keep rows together when some are held out, and with --validation none are.");
        var opened = _input.OpenGrouped(context, parsed, settings, parsed.GetValue(_data)!, out string? group);
        var summary = DataRemarks.Read(opened, HasValidation(parsed) ? null : group, cancellation);
        summary.RequireClasses(hasOthers: earlier is not null);
        Action<string> tell = Silent(parsed) ? _ => { } : display.Say;
        foreach (string line in summary.Describe()) tell(line);
        DataWarning.Show([.. summary.Warnings, .. DataWarnings.MissingLabels(summary, earlier?.Labels ?? [])], display.Say);
        group = GroupHoldOut.Choose(summary, _input.GroupIsGiven(parsed), [new(options.Training.ValidationFraction, options.Training.SeedOrDefault)], tell, warning => display.Say($"warning: {warning}"));
        var data = new InterruptibleView(opened, cancellation);
        var pipeline = new TrainingPipeline(context, data, options.Pretrained, parts: settings.Parts, earlier: earlier);
        var validation = HasValidation(parsed) ? Validation(context, parsed, settings, pipeline, summary, display, cancellation) : null;
        var model = pipeline.Fit(options with { SamplingKeyColumnName = group, Training = options.Training with { Progress = display } }, validation);
        string path = Save(context, model, data.Schema, settings, parsed);
        return new(path, summary, SavedModel.ClassifierOf(model).Model.Training!, group is null ? null : CsvSettings.KeptColumn(group), HasValidation(parsed));
    }

    /// <summary>Trains for another task than one label.</summary>
    private TrainingResult TrainTask(MLContext context, ParseResult parsed, AttentionClassifierOptions options, TrainingDisplay display, CancellationToken cancellation)
    {
        var settings = _task.Settings(parsed, _input.Settings(parsed));
        if (_input.GroupIsGiven(parsed)) throw new InputException("--group goes with --task singleLabel.");
        if (options.Task == TaskKind.TokenLabels && settings.Pairs) throw new InputException("--pairs goes with columns of texts, and --task tokenLabels reads files of words with a label each.");
        IDataView Open(string[] files) => new InterruptibleView(TaskFiles.Open(context, parsed, _input, settings, files, options.Task, labelled: true), cancellation);
        var data = Open(parsed.GetValue(_data)!);
        var pipeline = new TrainingPipeline(context, data, options.Pretrained, options.Task, settings.Parts);
        var validation = HasValidation(parsed) ? pipeline.Read(Open(parsed.GetValue(_validation)!)) : null;
        var starts = options.Task == TaskKind.TokenLabels ? AttentionCatalog.DefaultWordStarts : null;
        var model = pipeline.Fit(options with { WordStartsColumnName = starts, Training = options.Training with { Progress = display } }, validation);
        string path = Save(context, model, data.Schema, settings, parsed);
        return new(path, null, SavedModel.AnyClassifierOf(model).Model.Training!, null, HasValidation(parsed));
    }

    private bool HasValidation(ParseResult parsed) => parsed.GetValue(_validation) is { Length: > 0 };

    private void RequireWritable(ParseResult parsed)
    {
        OutputFile.RequireWritable(parsed.GetValue(_output)!, Force(parsed));
        _run.RequireWritable(parsed);
    }

    private AttentionClassifierOptions ClassifierOptions(ParseResult parsed, PretrainedEncoder? encoder, EarlierModel? earlier, CancellationToken cancellation)
    {
        if (encoder is not null)
        {
            _pretrained.RequireNone(parsed, [_positions, _mask, _encoder, _clipDistance, _tokenTypes, .. _model.Settled]);
            PretrainedOptions.RequireLength(encoder, parsed.GetValue(_model.MaxLength));
        }
        var defaults = earlier is not null ? new AttentionClassifierOptions(earlier.Classifier) : encoder is not null ? new AttentionClassifierOptions(encoder) : s_defaults;
        var model = Architecture(parsed, defaults);
        return model with
        {
            Task = _task.Task(parsed),
            TokenTypes = parsed.GetValue(_tokenTypes) ?? defaults.TokenTypes,
            Pooling = encoder is null ? model.Pooling : PretrainedOptions.Pooling(model.Pooling),
            Training = Training(parsed, defaults.Training, cancellation),
        };
    }

    private T Architecture<T>(ParseResult parsed, T defaults) where T : SequenceModelOptions
    {
        var model = _model.Architecture(parsed, defaults);
        return model with
        {
            Positions = One(_positions, defaults.Positions),
            PositionDetails = model.PositionDetails with { ClipDistance = parsed.GetValue(_clipDistance) ?? model.PositionDetails.ClipDistance },
            Mask = One(_mask, defaults.Mask),
            Encoder = One(_encoder, defaults.Encoder),
        };

        TValue One<TValue>(Option<string?> option, TValue otherwise) where TValue : struct, Enum => parsed.GetValue(option) is { } value ? ModelOptions.Choice<TValue>(value, option.Name) : otherwise;
    }

    private TrainingOptions Training(ParseResult parsed, TrainingOptions defaults, CancellationToken cancellation) =>
        _run.Training(parsed, _pretrained.Training(parsed, _model.Training(parsed, defaults)) with { BalanceClasses = BalanceClasses(parsed.GetValue(_classWeights)) }, _model.Engine(parsed), cancellation);

    private bool BalanceClasses(string? weights) => weights switch
    {
        null or Unweighted => false,
        Balanced => true,
        _ => throw new InputException($"{_classWeights.Name} {weights}: there is no such value. There are: {Balanced}, {Unweighted}."),
    };

    /// <summary>The rows of --validation whose labels are known.</summary>
    /// <exception cref="InputException">No label is one of the training rows'.</exception>
    private IDataView Validation(MLContext context, ParseResult parsed, CsvSettings settings, TrainingPipeline pipeline, DataSummary training, TrainingDisplay display, CancellationToken cancellation)
    {
        string[] files = parsed.GetValue(_validation)!;
        var opened = _input.Open(context, parsed, settings, files);
        DataWarning.Show(DataSummary.Compare(training, DataRemarks.Read(opened, group: null, cancellation)), display.Say);
        var read = pipeline.Read(new InterruptibleView(opened, cancellation));
        uint[] labels = [.. read.GetColumn<uint>(TrainingPipeline.Label)];
        int[] known = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] > 0)];
        if (known.Length == 0) throw new InputException($"--validation {string.Join(' ', files)}: no label of its {ReportText.Count(labels.Length)} rows is one of the training rows. Is --label the right column?");
        if (known.Length == labels.Length) return read;
        display.Say($"warning: {ReportText.Count(labels.Length - known.Length)} of {ReportText.Count(labels.Length)} validation rows have no label, or one that no training row has, and are left out.");
        return new RowSubset(read, known);
    }

    /// <summary>Saves the model; where that fails, keeps it elsewhere, so that the training is not lost.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidOperationException">It is elsewhere; the message says where.</exception>
    private string Save(MLContext context, ITransformer model, DataViewSchema schema, CsvSettings settings, ParseResult parsed)
    {
        string path = parsed.GetValue(_output)!;
        if (TrySave(path) is not { } failure) return path;
        foreach (string? folder in new[] { _run.Checkpoints(parsed), Path.GetTempPath() })
        {
            if (folder is null) continue;
            string elsewhere = Path.Combine(folder, $"{Guid.NewGuid().ToString("N")[..8]}-{Path.GetFileName(path)}");
            if (TrySave(elsewhere) is null) throw new InvalidOperationException($"{path} cannot be written: {failure} The model is in {elsewhere}; move it from there.");
        }
        throw new InvalidOperationException($"{path} cannot be written: {failure} Nor can a file in the folder for temporary files, {Path.GetTempPath()}.");

        string? TrySave(string place)
        {
            try
            {
                SavedModel.Save(context, model, schema, settings, place);
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return error.Message;
            }
        }
    }
}
