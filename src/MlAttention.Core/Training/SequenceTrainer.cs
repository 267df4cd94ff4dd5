namespace MlAttention.Core.Training;

/// <summary>Trains sequence classifiers: holds rows out for validation, makes the engine, runs the epochs.</summary>
/// <param name="model">The architecture.</param>
/// <param name="options">How it is trained.</param>
/// <param name="engines">Chooses the engine.</param>
/// <param name="log">Receives lines for people: the engine, counts of what was cut or left out, each epoch.</param>
/// <param name="throwIfCancelled">Called several times a second; an <see cref="OperationCanceledException"/> from it stops training as the token does.</param>
internal sealed class SequenceTrainer(SequenceModelOptions model, TrainingOptions options, EngineFactory engines, Action<string>? log = null, Action? throwIfCancelled = null)
{
    /// <summary>Receives lines about what training does not get to see; null sends them to the log.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>What the rows of the embedding and of the head stand for, so that those of <see cref="TrainingOptions.InitialWeightsPath"/> find their places.</summary>
    public RowNames Names { get; init; } = RowNames.Unknown;

    /// <summary>Weights in place of those of the same name that follow from the seed: a pretrained encoder's, or those of a model that is trained on. None where <see cref="TrainingOptions.InitialWeightsPath"/> gives them.</summary>
    public IReadOnlyList<WeightTensor> InitialWeights { get; init; } = [];

    /// <summary>
    /// The training rows of an epoch, counted from 0, where they are other ones than those given: as many, with the same labels, unless these
    /// are tokens to predict, which may be others each time. Null for always the same.
    /// </summary>
    /// <remarks>A function of its number alone, so that a resumed run sees what it would have seen.</remarks>
    internal Func<int, TokenDataset>? EpochData { get; init; }

    /// <summary>Makes the engine; tests put their own here.</summary>
    internal Func<EngineConfiguration, ISequenceEngine> CreateEngine { get; init; } = configuration => engines.CreateEngine(configuration, log);

    /// <summary>Trains on a dataset.</summary>
    /// <param name="dataset">The rows.</param>
    /// <param name="validation">Rows that choose the best epoch; null holds out <see cref="TrainingOptions.ValidationFraction"/> of the dataset.</param>
    /// <exception cref="ArgumentException">Options or data cannot be trained with; the message says why.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradients became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public TrainedSequenceModel Train(TokenDataset dataset, TokenDataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        model.Validate();
        options.Validate();
        var errors = new OptionErrors(nameof(TrainingOptions));
        options.RequireFit(errors, model.Task);
        errors.ThrowIfAny();
        if (options.FrozenLayers > model.Layers)
            throw new ArgumentException($"FrozenLayers = {options.FrozenLayers}: the encoder has {model.Layers} layers.");
        RequireTrainable(dataset, validation);
        options.CancellationToken.ThrowIfCancellationRequested();

        var (truncatedRows, truncatedTokens) = CountTruncated([dataset, validation]);
        if (truncatedRows > 0) (Warn ?? log)?.Invoke(FormattableString.Invariant($"Truncated: {truncatedTokens} tokens of {truncatedRows} rows, because MaxLength = {model.MaxLength}."));
        int[] rows = Enumerable.Range(0, dataset.Count).ToArray();
        var training = dataset;
        if (validation is null && options.ValidationFraction > 0) (training, rows, validation) = HoldOut(dataset);

        var scale = NumberScale.Of(training);
        if (scale is not null) (training, validation) = (scale.Apply(training), validation is null ? null : scale.Apply(validation));

        var classWeights = ClassWeighting.Of(training, options.BalanceClasses, options.ClassWeights);
        int embeddingRows = TokenIds.EmbeddingRows(dataset.VocabularySize, model);
        var layout = WeightLayout.Of(model, embeddingRows, dataset.ClassCount);
        Core.Weights.InitialWeights.RequireFit(layout, InitialWeights);
        var start = options.InitialWeightsPath is { } path ? Open(path, layout, scale) : scale?.FromNumbers(InitialWeights) ?? InitialWeights;
        using var engine = CreateEngine(options.Configure(model, embeddingRows, dataset.ClassCount) with { InitialWeights = start });
        using var trainingLog = options.LogPath is null ? null : new TrainingLog(options.LogPath, Warn ?? log);
        var data = new TrainingData(training, rows, validation, classWeights) { OfEpoch = RowsOfEpoch(dataset, rows, scale), InitialWeights = InitialWeights, Names = Names };
        var settled = options.Settle(training.Count);
        var run = new TrainingRun(engine, model, settled, data, new TrainingReporter(settled, trainingLog, log), throwIfCancelled);
        run.Resume(log);
        run.RunEpochs();

        return new TrainedSequenceModel(
            model, embeddingRows, dataset.ClassCount, scale?.ToNumbers(run.ChosenWeights()) ?? run.ChosenWeights(),
            engine.Name, run.ChosenEpoch, run.History,
            training.Count, validation?.Count ?? 0, truncatedRows, truncatedTokens, run.Elapsed)
        { StopReason = run.StopReason };
    }

    /// <summary>The weights of a file or a checkpoint as the model has them; a head that gives numbers gives them in the training's scale then.</summary>
    private IReadOnlyList<WeightTensor> Open(string path, IReadOnlyList<WeightShape> layout, NumberScale? scale)
    {
        var source = TrainingStart.Open(path, model, layout, log);
        var weights = Core.Weights.InitialWeights.From(source, layout, options.SeedOrDefault, Names, log);
        return scale is null || source.IsOfARun ? weights : scale.FromNumbers(weights);
    }

    /// <summary>The training rows of each epoch, where <see cref="EpochData"/> gives them: those that are not held out.</summary>
    private Func<int, TokenDataset>? RowsOfEpoch(TokenDataset dataset, int[] rows, NumberScale? scale)
    {
        if (EpochData is null) return null;
        return epoch =>
        {
            var all = EpochData(epoch);
            bool fits = model.Task.PredictsTokens ? all.Targets.ArePerToken && all.Count == dataset.Count : all.Targets.Equal(dataset.Targets);
            if (!fits || all.VocabularySize != dataset.VocabularySize)
                throw new InvalidOperationException($"The rows of epoch {epoch} must have the labels and the vocabulary of the rows given.");
            var training = rows.Length == dataset.Count ? all : all.Select(rows);
            return scale?.Apply(training) ?? training;
        };
    }

    private void RequireTrainable(TokenDataset dataset, TokenDataset? validation)
    {
        if (dataset.Count == 0)
            throw new ArgumentException($"There is no row to train on{(dataset.SkippedRows > 0 ? $": all {dataset.SkippedRows} rows lack a label" : "")}.", nameof(dataset));
        int fewest = Objective.Of(model.Task).FewestClasses;
        if (dataset.ClassCount < fewest)
            throw new ArgumentException($"The label has {dataset.ClassCount} class; a classifier needs at least {fewest}.", nameof(dataset));
        if (model.Task.PredictsTokens && (dataset.ClassCount != dataset.VocabularySize || !dataset.Targets.ArePerToken))
            throw new ArgumentException($"{model.Task} needs a label for each token, of the vocabulary's {dataset.VocabularySize} tokens; the rows have {(dataset.Targets.ArePerToken ? $"{dataset.ClassCount} classes" : "other labels")}.", nameof(dataset));
        if (validation is null) return;
        if (validation.Count == 0) throw new ArgumentException("The validation set has no row; give rows, or null to hold some out.", nameof(validation));
        if (validation.ClassCount != dataset.ClassCount || validation.VocabularySize != dataset.VocabularySize)
            throw new ArgumentException($"The validation set has {validation.ClassCount} classes and a vocabulary of {validation.VocabularySize}; the training set has {dataset.ClassCount} and {dataset.VocabularySize}. Both must come from the same pipeline.", nameof(validation));
    }

    private (TokenDataset Training, int[] Rows, TokenDataset? Validation) HoldOut(TokenDataset dataset)
    {
        var (training, heldOut) = RowSplit.HoldOut(dataset, options.ValidationFraction, options.SeedOrDefault, byLabel: !model.Task.PredictsTokens);
        if (heldOut.Length == 0)
        {
            (Warn ?? log)?.Invoke(FormattableString.Invariant($"No validation: {dataset.Count} rows are too few to hold out {options.ValidationFraction:P0}; the last epoch's weights are taken."));
            return (dataset, training, null);
        }
        var (trained, validated) = (dataset.Select(training), dataset.Select(heldOut));
        TellOfSplit(dataset, trained, validated);
        return (trained, training, validated);
    }

    private void TellOfSplit(TokenDataset all, TokenDataset training, TokenDataset heldOut)
    {
        bool hasClasses = all.Targets.Numbers.Length == 0 && !model.Task.PredictsTokens;
        string groups = all.Groups.Length == 0 ? !hasClasses ? "at random" : "class by class" : $"{heldOut.Groups.Distinct().Count()} of {all.Groups.Distinct().Count()} groups";
        log?.Invoke(FormattableString.Invariant($"Validation: {heldOut.Count} of {all.Count} rows are held out, {groups}."));
        if (!hasClasses) return;
        int[] rows = all.CountClasses(), trained = training.CountClasses(), validated = heldOut.CountClasses();
        int[] present = Enumerable.Range(0, all.ClassCount).Where(label => rows[label] > 0).ToArray();
        var (lost, unseen) = (present.Count(label => trained[label] == 0), present.Count(label => validated[label] == 0));
        if (lost > 0) (Warn ?? log)?.Invoke($"Validation: all rows of {lost} of {present.Length} classes are held out with their groups, so nothing of them is learned. Give another group column, or none.");
        if (unseen > 0) log?.Invoke($"Validation: of {unseen} of {present.Length} classes no row is held out; its accuracy says nothing of them.");
    }

    /// <summary>What the pipeline cut before, and what the batches cut beyond that.</summary>
    private (int Rows, long Tokens) CountTruncated(IReadOnlyList<TokenDataset?> datasets)
    {
        int rows = 0;
        long tokens = 0L;
        foreach (var dataset in datasets.OfType<TokenDataset>())
        {
            var builder = new BatchBuilder(dataset, model, []);
            int[] cut = Enumerable.Range(0, dataset.Count).Select(builder.TruncatedTokens).Where(count => count > 0).ToArray();
            rows += Math.Max(dataset.TruncatedRows, cut.Length);
            tokens += dataset.TruncatedTokens + cut.Sum(count => (long)count);
        }
        return (rows, tokens);
    }
}

/// <summary>A trained sequence classifier and how it came to be.</summary>
/// <param name="Model">The architecture.</param>
/// <param name="EmbeddingRows">Rows of the embedding.</param>
/// <param name="ClassCount">Number of classes C.</param>
/// <param name="Weights">The weights of <see cref="ChosenEpoch"/>.</param>
/// <param name="EngineName">The engine that trained the weights.</param>
/// <param name="ChosenEpoch">The epoch, from 1, whose weights these are.</param>
/// <param name="History">The learning curve: one entry an epoch.</param>
/// <param name="TrainingRows">Rows that training used.</param>
/// <param name="ValidationRows">Rows that validation used.</param>
/// <param name="TruncatedRows">Training and validation rows of which tokens were cut off.</param>
/// <param name="TruncatedTokens">Tokens that were cut off.</param>
/// <param name="Duration">Wall time of training, including the time before a resumed checkpoint.</param>
internal sealed record TrainedSequenceModel(
    SequenceModelOptions Model, int EmbeddingRows, int ClassCount, IReadOnlyList<WeightTensor> Weights,
    string EngineName, int ChosenEpoch, IReadOnlyList<EpochMetrics> History,
    int TrainingRows, int ValidationRows, int TruncatedRows, long TruncatedTokens, TimeSpan Duration)
{
    /// <summary>Why training ended.</summary>
    public TrainingStopReason StopReason { get; init; }

    /// <summary>Number of trained values; the padding row is not trained.</summary>
    public long ParameterCount => Weights.Sum(weight => (long)weight.Values.Length) - Model.ModelWidth;
}
