namespace MlAttention.Ablation.Statistics;

/// <summary>How often each class (row) was predicted as each class (column), and the metrics that follow.</summary>
internal sealed class ConfusionCounts
{
    private readonly double[] _counts;

    /// <summary>Starts with no items.</summary>
    public ConfusionCounts(int classes)
    {
        Classes = classes;
        _counts = new double[classes * classes];
    }

    /// <summary>Number of classes C.</summary>
    public int Classes { get; }

    /// <summary>Number of items.</summary>
    public double Total => _counts.Sum();

    /// <summary>Items of a class that were predicted as another, or as itself.</summary>
    public double this[int label, int predicted] => _counts[label * Classes + predicted];

    /// <summary>Counts predictions against labels.</summary>
    public static ConfusionCounts Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, int classes)
    {
        if (labels.Length != predictions.Length) throw new ArgumentException($"There are {labels.Length} labels and {predictions.Length} predictions.");
        var counts = new ConfusionCounts(classes);
        for (int item = 0; item < labels.Length; item++) counts.Add(labels[item], predictions[item], 1);
        return counts;
    }

    /// <summary>Adds an item.</summary>
    public void Add(int label, int predicted, double weight) => _counts[label * Classes + predicted] += weight;

    /// <summary>Forgets all items.</summary>
    public void Clear() => Array.Clear(_counts);

    /// <summary>Share of items predicted as their class.</summary>
    public double Accuracy
    {
        get
        {
            double right = 0;
            for (int c = 0; c < Classes; c++) right += this[c, c];
            return right / Total;
        }
    }

    /// <summary>Of the items predicted as the class, the share that belongs to it; 0 when there are none.</summary>
    public double Precision(int c) => Share(this[c, c], Predicted(c));

    /// <summary>Of the items of the class, the share predicted as it; 0 when there are none.</summary>
    public double Recall(int c) => Share(this[c, c], Labeled(c));

    /// <summary>F1 = 2 right / (labelled + predicted) of a class.</summary>
    public double F1(int c) => Share(2 * this[c, c], Labeled(c) + Predicted(c));

    /// <summary>The mean of the classes' F1, over classes that occur as a label or a prediction.</summary>
    public double MacroF1
    {
        get
        {
            double sum = 0;
            int occurring = 0;
            for (int c = 0; c < Classes; c++)
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
            double total = Total, right = 0, product = 0, labelSquares = 0, predictedSquares = 0;
            for (int c = 0; c < Classes; c++)
            {
                double labeled = Labeled(c), predicted = Predicted(c);
                right += this[c, c];
                product += labeled * predicted;
                labelSquares += labeled * labeled;
                predictedSquares += predicted * predicted;
            }
            double scale = Math.Sqrt((total * total - predictedSquares) * (total * total - labelSquares));
            return scale > 0 ? (total * right - product) / scale : 0;
        }
    }

    /// <summary>Items of a class.</summary>
    public double Labeled(int c)
    {
        double sum = 0;
        for (int predicted = 0; predicted < Classes; predicted++) sum += this[c, predicted];
        return sum;
    }

    private double Predicted(int c)
    {
        double sum = 0;
        for (int label = 0; label < Classes; label++) sum += this[label, c];
        return sum;
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
