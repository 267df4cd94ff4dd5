using MlAttention.Classification;
using MlAttention.Core.Training;

namespace MlAttention;

/// <summary>Trains a sequence classifier: from sequences of keys and a label to class probabilities.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.Classifier(AttentionClassifierOptions)"/>, whose documentation tells the columns.</remarks>
public sealed class AttentionClassifierEstimator : TrainingEstimator<AttentionClassifierTransformer>
{
    private readonly AttentionClassifierOptions _options;

    internal AttentionClassifierEstimator(IHostEnvironment environment, AttentionClassifierOptions options)
        : base(environment, "AttentionClassifier", ClassifierInputs.Of(options).All)
    {
        options.Validate();
        _options = options;
    }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        Output.Columns(Settings, 2, Output.ExampleLabels(SchemaShapes.Find(input, _options.LabelColumnName)!.Value), setId: 1);

    private ClassifierSettings Settings => ClassifierSettings.Of(_options);

    private ClassifierOutput Output => ClassifierOutput.Of(_options.Task, Settings);

    private protected override AttentionClassifierTransformer Fit(IDataView trainData, IDataView? validationData, TrainingFit fit)
    {
        var label = trainData.Schema[_options.LabelColumnName];
        var labels = Output.Labels(label);
        Settings.Thresholds(Output.Classes(label), labels);      // a threshold of a label that there is not costs no training
        var vocabulary = FittedVocabulary.Of(trainData.Schema[_options.TokensColumnName], _options.ModelWidth);
        if (_options.Pretrained is { } start) PretrainedStart.RequireTokens(vocabulary, start, _options.TokensColumnName);
        if (validationData is not null) RequireSameKeys(validationData.Schema, vocabulary, labels);
        var options = trainData.Schema[_options.TokensColumnName].Parts() is { } parts ? parts.ApplyTo(_options) : _options;
        var dataset = Read(trainData, options, fit);
        var validation = validationData is null ? null : Read(validationData, options, fit);
        var training = fit.Seeded(_options.Training);
        var architecture = options with { Pretrained = null, ContinueFrom = null };      // nothing that is fitted keeps the weights that it started from
        var trainer = new SequenceTrainer(architecture, training, SequenceEngines.Factory, fit.Log, fit.ThrowIfCancelled)
        {
            InitialWeights = _options.ContinueFrom is { } model ? ContinuedStart.Weights(model, _options, training.SeedOrDefault, vocabulary, dataset.ClassCount, labels, fit.Log, fit.Warn)
                : _options.Pretrained is { } encoder ? PretrainedStart.Weights(_options, encoder, training.SeedOrDefault, labels?.Formatted, fit.Log) : [],
            Warn = fit.Warn,
            Names = vocabulary.Names with { Labels = labels?.Formatted },
        };
        var trained = trainer.Train(dataset, validation);
        var fitted = new AttentionClassifierModel(architecture, vocabulary, dataset.ClassCount, trained.Weights) { Labels = labels, Training = trained, ModelType = _options.Pretrained?.ModelType ?? _options.ContinueFrom?.ModelType };
        return new AttentionClassifierTransformer(Host, Settings, fitted);
    }

    private void RequireSameKeys(DataViewSchema validation, FittedVocabulary vocabulary, KeyValues? labels)
    {
        vocabulary.Check(validation, _options.TokensColumnName);
        if (Output.Labels(validation[_options.LabelColumnName]) is { } others) labels?.RequireSame(others, "label", _options.LabelColumnName);
    }

    private static TokenDataset Read(IDataView data, AttentionClassifierOptions options, TrainingFit fit)
    {
        var dataset = TokenDatasetReader.Read(data, options);
        if (dataset.SkippedRows > 0)
            fit.Warn(string.Create(CultureInfo.InvariantCulture, $"{dataset.SkippedRows} rows have no label{(options.Task == TaskKind.MultiLabel ? ", or one that is not known," : "")} and were left out."));
        return dataset;
    }
}

/// <summary>A trained classifier: adds the predicted label and the probability of each class.</summary>
public sealed class AttentionClassifierTransformer : SequenceTransformer, ISingleFeaturePredictionTransformer<AttentionClassifierModel>
{
    internal const string Component = "Classifier";

    internal AttentionClassifierTransformer(IHost? host, ClassifierSettings settings, AttentionClassifierModel model)
        : base(host, model.Architecture.MaxLength)
    {
        Settings = settings;
        Model = model;
    }

    /// <summary>The trained classifier.</summary>
    public AttentionClassifierModel Model { get; }

    /// <summary>The column with the sequence.</summary>
    public string FeatureColumnName => Settings.Tokens;

    /// <summary>PermutationFeatureImportance asks here. It permutes numbers, and would give an empty result for a vector of keys without a fixed length.</summary>
    /// <exception cref="NotSupportedException">Always; the message says what to do instead.</exception>
    string ISingleFeaturePredictionTransformer<AttentionClassifierModel>.FeatureColumnName => throw new NotSupportedException(
        $"PermutationFeatureImportance permutes the numbers of a vector of Single, and the classifier's column '{FeatureColumnName}' holds keys. Give it a trainer over the features of mlContext.Attention().EncodeSequence(classifier), as docs/PIPELINES.md shows.");

    /// <summary>A variable vector of the vocabulary's keys.</summary>
    public DataViewType FeatureColumnType => new VectorDataViewType(new KeyDataViewType(typeof(uint), Model.VocabularySize));

    internal override string ComponentName => Component;

    internal override IReadOnlyList<string> InputColumnNames => Settings.Inputs;

    internal ClassifierSettings Settings { get; }

    private ClassifierOutput Output => ClassifierOutput.Of(Model.Architecture.Task, Settings);

    /// <summary>The same classifier with another threshold: of the positive one of two classes with BinaryColumns, or of each of several labels.</summary>
    /// <param name="threshold">The probability from which on a label is predicted, from 0 to 1.</param>
    /// <param name="labels">Other thresholds for some labels, by what they are called; null for none.</param>
    /// <remarks>The two share their weights. In a chain: <c>chain.Append(...)</c> or a new pipeline with this as its last part takes the changed one.</remarks>
    /// <exception cref="ArgumentException">A threshold is no probability, a label is unknown, or the task has no thresholds.</exception>
    public AttentionClassifierTransformer WithThreshold(double threshold, IReadOnlyDictionary<string, double>? labels = null)
    {
        var errors = new OptionErrors(nameof(AttentionClassifierTransformer));
        bool several = Model.Architecture.Task == TaskKind.MultiLabel;
        ClassifierSettings.Require(errors, threshold, labels);
        errors.Require(several || Settings.Probability is not null, nameof(AttentionClassifierOptions.Threshold), threshold, "goes with BinaryColumns or several labels");
        errors.Require(several || labels is null, nameof(AttentionClassifierOptions.LabelThresholds), $"{labels?.Count} thresholds", "go with several labels");
        errors.ThrowIfAny();
        var settings = Settings with { Threshold = threshold, LabelThresholds = labels ?? new Dictionary<string, double>() };
        settings.Thresholds(Model.ClassCount, Model.Labels);
        return new AttentionClassifierTransformer(Truncation.Host, settings, Model);
    }

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        Model.Vocabulary.Check(input, Settings.Tokens);
        if (Settings.WordStarts is { } starts) ColumnRequirement.WordStarts("word starts", starts).Check(input);
        return Output.Columns(Settings, Model.ClassCount, Model.Labels, input.NextScoreColumnSetId());
    }

    internal override BatchMapper CreateMapper(int batchSize) => Output.Mapper(Model, Settings, batchSize);

    internal override void WriteState(ComponentState state)
    {
        Settings.Write(state);
        ModelState.Write(state, Model);
        Model.Labels?.Write(state, "labels");
    }

    internal static AttentionClassifierTransformer Read(ComponentState state)
    {
        var settings = ClassifierSettings.Read(state);
        var read = ModelState.Read(state);
        var model = read.WithLabels(read.Architecture.Task == TaskKind.Regression ? null : KeyValues.Read(state, "labels", "label values", read.ClassCount));
        settings.RequireFit(model);
        return new AttentionClassifierTransformer(null, settings, model);
    }
}
