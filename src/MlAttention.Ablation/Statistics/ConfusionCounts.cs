namespace MlAttention.Ablation.Statistics;

/// <summary>How often each class (row) was predicted as each class (column), and the metrics that follow.</summary>
/// <param name="classes">Number of classes C.</param>
internal sealed class ConfusionCounts(int classes)
{
    private readonly double[] _counts = new double[classes * classes];

    /// <summary>Counts predictions against labels.</summary>
    public static ConfusionCounts Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, int classes)
    {
        if (labels.Length != predictions.Length) throw new ArgumentException($"There are {labels.Length} labels and {predictions.Length} predictions.");
        var counts = new ConfusionCounts(classes);
        for (int item = 0; item < labels.Length; item++) counts.Add(labels[item], predictions[item], 1);
        return counts;
    }

    /// <summary>Adds an item.</summary>
    public void Add(int label, int predicted, double weight) => _counts[label * classes + predicted] += weight;

    /// <summary>Forgets all items.</summary>
    public void Clear() => Array.Clear(_counts);

    /// <summary>Share of items predicted as their class.</summary>
    public double Accuracy => Sum(0, classes + 1) / _counts.Sum();

    /// <summary>Of the items predicted as the class, the share that belongs to it; 0 when there are none.</summary>
    public double Precision(int c) => Share(Right(c), Predicted(c));

    /// <summary>Of the items of the class, the share predicted as it; 0 when there are none.</summary>
    public double Recall(int c) => Share(Right(c), Labeled(c));

    /// <summary>F1 = 2 right / (labelled + predicted) of a class.</summary>
    public double F1(int c) => Share(2 * Right(c), Labeled(c) + Predicted(c));

    /// <summary>The mean of the classes' F1, over classes that occur as a label or a prediction.</summary>
    public double MacroF1
    {
        get
        {
            double sum = 0;
            int occurring = 0;
            for (int c = 0; c < classes; c++)
            {
                if (Labeled(c) + Predicted(c) == 0) continue;
                sum += F1(c);
                occurring++;
            }
            return occurring == 0 ? 0 : sum / occurring;
        }
    }

    /// <summary>Matthews correlation for any number of classes (Gorodkin 2004); 0 when a side is constant.</summary>
    /// <remarks>(s c - sum t p) / sqrt((s^2 - sum p^2)(s^2 - sum t^2)), t labels and p predictions of a class, s items, c right ones.</remarks>
    public double MatthewsCorrelation
    {
        get
        {
            double total = _counts.Sum(), right = Sum(0, classes + 1), product = 0, labelSquares = 0, predictedSquares = 0;
            for (int c = 0; c < classes; c++)
            {
                double labeled = Labeled(c), predicted = Predicted(c);
                product += labeled * predicted;
                labelSquares += labeled * labeled;
                predictedSquares += predicted * predicted;
            }
            double scale = Math.Sqrt((total * total - predictedSquares) * (total * total - labelSquares));
            return scale > 0 ? (total * right - product) / scale : 0;
        }
    }

    private double Right(int c) => _counts[c * classes + c];

    private double Labeled(int c) => Sum(c * classes, 1);

    private double Predicted(int c) => Sum(c, classes);

    // Of a row, a column or the diagonal.
    private double Sum(int first, int step)
    {
        double sum = 0;
        for (int i = 0; i < classes; i++) sum += _counts[first + i * step];
        return sum;
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
