using System.IO.Compression;

namespace MlAttention.Cli.Input;

/// <summary>The model file that train writes and evaluate, predict and inspect read: from Text and Label to PredictedText and Score.</summary>
internal static class SavedModel
{
    /// <summary>Column with the predicted label as a text.</summary>
    public const string PredictedText = nameof(PredictedText);

    private const string SettingsEntry = "mlattention.json";
    private const int LongestSettings = 1 << 20; // bytes

    /// <summary>The model argument of a command.</summary>
    public static Argument<string> Argument() => new("model") { Description = "A model file that train wrote." };

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="schema">The schema of its input.</param>
    /// <param name="settings">How its training files were read; an entry of the zip beside those of ML.NET keeps it.</param>
    public static void Save(MLContext context, ITransformer model, DataViewSchema schema, CsvSettings settings, string path) =>
        OutputFile.Write(path, file =>
        {
            context.Model.Save(model, schema, file);
            using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
            using var entry = zip.CreateEntry(SettingsEntry).Open();
            JsonSerializer.Serialize(entry, settings);
        });

    /// <summary>Loads a model.</summary>
    /// <exception cref="InputException">The file does not exist.</exception>
    public static ITransformer Load(MLContext context, string path)
    {
        CommonOptions.RequireExists(path);
        return context.Model.LoadAttention(path, out _);
    }

    /// <summary>How the files that a model was trained on were read; null for a model that train did not write.</summary>
    /// <exception cref="InputException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static CsvSettings? SettingsOf(string path)
    {
        CommonOptions.RequireExists(path);
        using var zip = ZipFile.OpenRead(path);
        if (zip.GetEntry(SettingsEntry) is not { Length: <= LongestSettings } found) return null;
        using var entry = found.Open();
        try
        {
            return JsonSerializer.Deserialize<CsvSettings>(entry);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: the entry {SettingsEntry} is damaged: {error.Message}", error);
        }
    }

    /// <summary>Scores texts that have no label. The model maps a label too, so another column stands for it; nothing reads the result.</summary>
    /// <param name="texts">Rows with the column Text.</param>
    public static IDataView Score(MLContext context, ITransformer model, IDataView texts) =>
        model.Transform(context.Transforms.CopyColumns("Label", "Text").Fit(texts).Transform(texts));

    /// <summary>The classifier in a pipeline's model, whatever its task.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static AttentionClassifierTransformer AnyClassifierOf(ITransformer model) => StepOf<AttentionClassifierTransformer>(model) ?? throw new InputException("The model holds no attention classifier.");

    /// <summary>What writes texts in a pipeline's model; null where nothing does.</summary>
    public static TextGeneratorTransformer? GeneratorOf(ITransformer model) => StepOf<TextGeneratorTransformer>(model);

    /// <summary>The classifier of one label in a pipeline's model.</summary>
    /// <exception cref="InputException">There is none, or it has another task.</exception>
    public static AttentionClassifierTransformer ClassifierOf(ITransformer model)
    {
        var classifier = AnyClassifierOf(model);
        if (classifier.Model.Architecture.Task != TaskKind.SingleLabel)
            throw new InputException($"The model was trained with --task {ModelOptions.NameOf(classifier.Model.Architecture.Task)}, which this command does not know.");
        return classifier.Settings.Probability is null ? classifier : throw new InputException("The model has the columns of a binary classifier, which this command does not know: train it without BinaryColumns.");
    }

    /// <summary>The tokenizer of the pretrained encoder that a pipeline's model started from; null where it started from nothing.</summary>
    public static PretrainedTokenizer? TokenizerOf(ITransformer model) => TokenizerStepOf(model)?.Options.Pretrained;

    /// <summary>What makes tokens of texts in a pipeline's model; null where that is something else.</summary>
    public static SequenceTokenizingTransformer? TokenizerStepOf(ITransformer model) => StepOf<SequenceTokenizingTransformer>(model);

    /// <summary>The columns whose texts a model reads together; null where it reads one text.</summary>
    public static IReadOnlyList<string>? PartsOf(ITransformer model) => TokenizerStepOf(model)?.Options.InputColumnNames;

    private static T? StepOf<T>(ITransformer model) where T : class => (model as IEnumerable<ITransformer>)?.OfType<T>().FirstOrDefault();
}

/// <summary>The pipeline that train fits, in two steps, so that what was read is known before training begins.</summary>
internal sealed class TrainingPipeline
{
    /// <summary>The columns that the pipeline makes of Text and Label.</summary>
    public const string Label = nameof(Label), Tokens = nameof(Tokens);

    private readonly MLContext _context;
    private readonly TaskKind _task;
    private readonly ITransformer[] _reading;

    /// <summary>Learns labels and, without an encoder, the vocabulary.</summary>
    /// <param name="data">The training rows, with the columns Text and Label.</param>
    /// <param name="encoder">The encoder whose vocabulary is taken instead; null to learn one.</param>
    /// <param name="task">What the model is asked for: labels of words are read beside Words, and a number is no key.</param>
    /// <param name="parts">The columns whose texts are read together; null for Text alone.</param>
    /// <param name="earlier">The model whose labels and words are kept, and the data's added; null for none.</param>
    public TrainingPipeline(MLContext context, IDataView data, PretrainedEncoder? encoder = null, TaskKind task = TaskKind.SingleLabel, IReadOnlyList<string>? parts = null, EarlierModel? earlier = null)
    {
        _context = context;
        _task = task;
        var attention = context.Attention();
        var labelKeys = earlier is null ? null : attention.LabelKeys(earlier.Model, data);
        ITransformer[] labels = task == TaskKind.Regression ? [] : [context.Transforms.Conversion.MapValueToKey(Label, keyData: labelKeys).Fit(data)];
        var labelled = labels.Aggregate(data, (rows, step) => step.Transform(rows));
        var words = earlier?.Tokenizer ?? new() { Pretrained = encoder?.Tokenizer, Tokenizer = encoder is null ? TokenizerKind.Word : TokenizerKind.Pretrained };
        ITransformer tokenizer = task == TaskKind.TokenLabels ? attention.TokenizeWords(Tokens, TaskFiles.Words, encoder).Fit(labelled)
            : attention.TokenizeSequence(words with { OutputColumnName = Tokens, InputColumnName = parts is null ? "Text" : null, InputColumnNames = parts }).Fit(labelled);
        _reading = [.. labels, tokenizer];
        Training = tokenizer.Transform(labelled);
    }

    /// <summary>The training rows as keys.</summary>
    public IDataView Training { get; }

    /// <summary>Other rows as the keys of the training rows.</summary>
    public IDataView Read(IDataView data) => _reading.Aggregate(data, (rows, step) => step.Transform(rows));

    /// <summary>Trains the classifier.</summary>
    /// <param name="options">How.</param>
    /// <param name="validation">Rows that <see cref="Read"/> gave, which choose the epoch; null to hold some of the training rows out.</param>
    /// <returns>The whole pipeline: from Text and Label to PredictedText and Score.</returns>
    public ITransformer Fit(AttentionClassifierOptions options, IDataView? validation)
    {
        var estimator = _context.Attention().Classifier(options);
        var classifier = validation is null ? estimator.Fit(Training) : estimator.Fit(Training, validation);
        if (_task == TaskKind.Regression) return new TransformerChain<ITransformer>([.. _reading, classifier]);
        var names = _context.Transforms.Conversion.MapKeyToValue(SavedModel.PredictedText, "PredictedLabel").Fit(classifier.Transform(Training));
        return new TransformerChain<ITransformer>([.. _reading, classifier, names]);
    }
}
