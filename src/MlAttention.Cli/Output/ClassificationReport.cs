namespace MlAttention.Cli.Output;

/// <summary>How well one label is told.</summary>
/// <param name="Class">Its number among the model's labels.</param>
/// <param name="Label">The label.</param>
/// <param name="Right">Rows that have the label and are predicted so.</param>
/// <param name="Support">Rows that have the label.</param>
/// <param name="Predicted">Rows that are predicted so.</param>
internal sealed record ClassFigures(int Class, string Label, long Right, long Support, long Predicted)
{
    /// <summary>Right / predicted; 0 when nothing is predicted so.</summary>
    public double Precision => Predicted == 0 ? 0 : (double)Right / Predicted;

    /// <summary>Right / support; 0 when no row has the label.</summary>
    public double Recall => Support == 0 ? 0 : (double)Right / Support;

    /// <summary>The harmonic mean of precision and recall; 0 when both are.</summary>
    public double F1 => 2.0 * Right / (Support + Predicted);
}

/// <summary>Means of the classes' figures.</summary>
/// <param name="Precision">Mean precision.</param>
/// <param name="Recall">Mean recall.</param>
/// <param name="F1">Mean F1.</param>
internal sealed record MeanFigures(double Precision, double Recall, double F1);

/// <summary>
/// How predictions compare with labels, in the figures of scikit-learn's classification report. It counts one row after another and holds
/// only what is counted.
/// </summary>
/// <remarks>
/// The classes are those that occur as a label or as a prediction. Macro is the plain mean over them, weighted the mean by support.
/// log-loss = mean of -ln(probability of the label), in nats, with probabilities of at least 1e-15.
/// </remarks>
internal sealed class ClassificationReport(IReadOnlyList<string> labels)
{
    private const double LeastProbability = 1e-15;
    private readonly long[] _support = new long[labels.Count], _predicted = new long[labels.Count];
    private readonly Dictionary<(int Label, int Prediction), long> _confusion = [];
    private readonly Dictionary<string, long> _unknownLabels = new(StringComparer.Ordinal);
    private double _lossSum;

    /// <summary>The model's labels.</summary>
    public IReadOnlyList<string> Labels => labels;

    /// <summary>Rows that are counted in the figures.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows without a label, which are left out.</summary>
    public long MissingLabels { get; private set; }

    /// <summary>Labels that the model does not know, the most frequent first, with their rows, which are left out.</summary>
    public IEnumerable<(string Label, long Rows)> UnknownLabels => _unknownLabels.Select(label => (label.Key, label.Value)).OrderByDescending(label => label.Value).ThenBy(label => label.Key, StringComparer.Ordinal);

    /// <summary>Rows whose label the model does not know.</summary>
    public long UnknownRows => _unknownLabels.Values.Sum();

    /// <summary>All rows that are left out.</summary>
    public long LeftOut => MissingLabels + UnknownRows;

    /// <summary>Rows that are predicted right.</summary>
    public long Right { get; private set; }

    /// <summary>The share of the rows that are predicted right.</summary>
    public double Accuracy => (double)Right / Rows;

    /// <summary>The same with the rows whose label is unknown to the model, which no prediction can get right.</summary>
    public double AccuracyWithUnknown => (double)Right / (Rows + UnknownRows);

    /// <summary>The mean recall of the labels that rows have; scikit-learn's balanced accuracy.</summary>
    public double MacroAccuracy => Classes.Where(one => one.Support > 0).Average(one => one.Recall);

    /// <summary>Mean of -ln(probability of the label), in nats.</summary>
    public double LogLoss => _lossSum / Rows;

    /// <summary>The labels that occur as a label or as a prediction, in the model's order.</summary>
    public IReadOnlyList<ClassFigures> Classes => [.. Enumerable.Range(0, labels.Count).Where(Occurs).Select(one => new ClassFigures(one, labels[one], Confusion(one, one), _support[one], _predicted[one]))];

    /// <summary>The model's labels that occur neither as a label nor as a prediction.</summary>
    public IReadOnlyList<string> Absent => [.. Enumerable.Range(0, labels.Count).Where(one => !Occurs(one)).Select(one => labels[one])];

    /// <summary>The plain means over the classes.</summary>
    public MeanFigures Macro => Mean(_ => 1);

    /// <summary>The means by support.</summary>
    public MeanFigures Weighted => Mean(one => one.Support);

    /// <summary>Labels that are taken for others, with their rows, the most frequent first.</summary>
    public IEnumerable<(string Label, string Prediction, long Rows)> Confusions => _confusion.Where(cell => cell.Key.Label != cell.Key.Prediction)
        .OrderByDescending(cell => cell.Value).ThenBy(cell => cell.Key).Select(cell => (labels[cell.Key.Label], labels[cell.Key.Prediction], cell.Value));

    /// <summary>Rows with one label that are predicted as another, or the same.</summary>
    public long Confusion(int label, int prediction) => _confusion.GetValueOrDefault((label, prediction));

    /// <summary>Counts a row.</summary>
    /// <param name="label">The number of its label.</param>
    /// <param name="prediction">The number of the most probable label.</param>
    /// <param name="probability">The probability of its label.</param>
    public void Add(int label, int prediction, float probability)
    {
        Rows++;
        _support[label]++;
        _predicted[prediction]++;
        _confusion[(label, prediction)] = Confusion(label, prediction) + 1;
        if (label == prediction) Right++;
        _lossSum -= Math.Log(Math.Max(probability, LeastProbability));
    }

    /// <summary>Counts a row that has no label that the model knows.</summary>
    /// <param name="label">What stands in its place; an empty text when nothing does.</param>
    public void AddLeftOut(string label)
    {
        if (label.Length == 0) MissingLabels++;
        else _unknownLabels[label] = _unknownLabels.GetValueOrDefault(label) + 1;
    }

    private bool Occurs(int one) => _support[one] + _predicted[one] > 0;

    private MeanFigures Mean(Func<ClassFigures, double> weight)
    {
        var classes = Classes;
        double sum = classes.Sum(weight);
        return new(Over(one => one.Precision), Over(one => one.Recall), Over(one => one.F1));

        double Over(Func<ClassFigures, double> figure) => classes.Sum(one => weight(one) * figure(one)) / sum;
    }
}
