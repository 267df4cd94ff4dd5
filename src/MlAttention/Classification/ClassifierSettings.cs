namespace MlAttention.Classification;

/// <summary>What a fitted classifier's columns are called, and from which probability on labels are predicted.</summary>
/// <param name="Tokens">The column with the sequence.</param>
/// <param name="PredictedLabel">The column with the predicted label or labels.</param>
/// <param name="Score">The column with the probabilities or the number.</param>
internal sealed record ClassifierSettings(string Tokens, string PredictedLabel, string Score)
{
    private const string TokensName = "tokens", PredictedLabelName = "predictedLabel", ScoreName = "score", ProbabilityName = "probability",
        WordStartsName = "wordStarts", ThresholdName = "threshold", LabelsName = "thresholdLabels", LabelThresholdsName = "labelThresholds";

    /// <summary>The column with the probability of the positive one of two classes; null for the columns of any number of classes.</summary>
    public string? Probability { get; init; }

    /// <summary>The column that tells with which token each word begins; null where tokens themselves have labels.</summary>
    public string? WordStarts { get; init; }

    /// <summary>The probability from which on a label of several, or the positive one of two, is predicted.</summary>
    public double Threshold { get; init; } = AttentionClassifierOptions.DefaultThreshold;

    /// <summary>Other thresholds for some labels, by what they are called.</summary>
    public IReadOnlyDictionary<string, double> LabelThresholds { get; init; } = new Dictionary<string, double>();

    /// <summary>The columns that the classifier reads.</summary>
    public IReadOnlyList<string> Inputs => WordStarts is null ? [Tokens] : [Tokens, WordStarts];

    public static ClassifierSettings Of(AttentionClassifierOptions options) => new(options.TokensColumnName, options.PredictedLabelColumnName, options.ScoreColumnName)
    {
        Probability = options.BinaryColumns ? options.ProbabilityColumnName : null,
        WordStarts = options.WordStartsColumnName,
        Threshold = options.Threshold,
        LabelThresholds = options.LabelThresholds ?? new Dictionary<string, double>(),
    };

    /// <summary>Options with these columns and thresholds: the inverse of <see cref="Of"/>.</summary>
    public AttentionClassifierOptions ApplyTo(AttentionClassifierOptions options) => options with
    {
        TokensColumnName = Tokens,
        PredictedLabelColumnName = PredictedLabel,
        ScoreColumnName = Score,
        BinaryColumns = Probability is not null,
        ProbabilityColumnName = Probability ?? options.ProbabilityColumnName,
        WordStartsColumnName = WordStarts,
        Threshold = Threshold,
        LabelThresholds = LabelThresholds.Count == 0 ? null : LabelThresholds,
    };

    /// <summary>The threshold of each class.</summary>
    /// <exception cref="ArgumentException">A threshold is given for a label that there is not.</exception>
    public float[] Thresholds(int classes, KeyValues? labels)
    {
        var thresholds = new float[classes];
        Array.Fill(thresholds, (float)Threshold);
        foreach (var (label, threshold) in LabelThresholds)
        {
            int place = labels?.Formatted.ToList().IndexOf(label) ?? -1;
            if (place < 0) throw new ArgumentException($"LabelThresholds has '{label}', which is none of the labels: {(labels is null ? "nothing says what they are called" : SafetensorsReader.List(labels.Formatted))}.");
            thresholds[place] = (float)threshold;
        }
        return thresholds;
    }

    /// <summary>Requires a model that has a place for each of the settings.</summary>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public void RequireFit(AttentionClassifierModel model)
    {
        var task = model.Architecture.Task;
        bool isTwo = task == TaskKind.SingleLabel && model.ClassCount == 2;
        if (Probability is not null && !isTwo) throw new InvalidDataException($"The model has the columns of a binary classifier, and its task is {task} of {model.ClassCount} classes.");
        if (WordStarts is not null && task != TaskKind.TokenLabels) throw new InvalidDataException($"The model has a column of where words begin, and its task is {task}.");
        if (LabelThresholds.Count > 0 && task != TaskKind.MultiLabel) throw new InvalidDataException($"The model has thresholds of labels, and its task is {task}.");
        if (task == TaskKind.Regression && model.ClassCount != 1) throw new InvalidDataException($"The model gives {model.ClassCount} numbers instead of one.");
        Thresholds(model.ClassCount, model.Labels);
    }

    /// <summary>Requires probabilities as thresholds.</summary>
    public static void Require(OptionErrors errors, double threshold, IReadOnlyDictionary<string, double>? byLabel)
    {
        errors.Require(threshold is >= 0 and <= 1, nameof(AttentionClassifierOptions.Threshold), threshold, "must be a probability from 0 to 1");
        foreach (var (label, ofLabel) in byLabel ?? new Dictionary<string, double>())
            errors.Require(ofLabel is >= 0 and <= 1, $"{nameof(AttentionClassifierOptions.LabelThresholds)}['{label}']", ofLabel, "must be a probability from 0 to 1");
    }

    /// <summary>Writes what is not as it was before there were other tasks only where it is asked for.</summary>
    public void Write(ComponentState state)
    {
        state.Add(TokensName, Tokens);
        state.Add(PredictedLabelName, PredictedLabel);
        state.Add(ScoreName, Score);
        if (Probability is not null) state.Add(ProbabilityName, Probability);
        if (WordStarts is not null) state.Add(WordStartsName, WordStarts);
        if (Threshold != AttentionClassifierOptions.DefaultThreshold) state.Add(ThresholdName, Text(Threshold));
        if (LabelThresholds.Count == 0) return;
        state.Add(LabelsName, LabelThresholds.Keys);
        state.Add(LabelThresholdsName, LabelThresholds.Values.Select(Text));
    }

    public static ClassifierSettings Read(ComponentState state)
    {
        string[] labels = state.Has(LabelsName) ? state.TakeTexts(LabelsName) : [], thresholds = labels.Length == 0 ? [] : state.TakeTexts(LabelThresholdsName);
        if (labels.Length != thresholds.Length) throw new InvalidDataException($"The model has thresholds for {labels.Length} labels, and {thresholds.Length} of them.");
        var settings = new ClassifierSettings(state.TakeText(TokensName), state.TakeText(PredictedLabelName), state.TakeText(ScoreName))
        {
            Probability = state.Has(ProbabilityName) ? state.TakeText(ProbabilityName) : null,
            WordStarts = state.Has(WordStartsName) ? state.TakeText(WordStartsName) : null,
            Threshold = state.Has(ThresholdName) ? Number(state.TakeText(ThresholdName)) : AttentionClassifierOptions.DefaultThreshold,
            LabelThresholds = labels.Zip(thresholds.Select(Number)).ToDictionary(pair => pair.First, pair => pair.Second),
        };
        var errors = new OptionErrors("The model");
        Require(errors, settings.Threshold, settings.LabelThresholds);
        errors.ThrowIfAny();
        return settings;
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
