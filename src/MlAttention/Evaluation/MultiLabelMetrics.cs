namespace MlAttention;

/// <summary>How well none to several labels of rows are predicted.</summary>
public sealed record MultiLabelMetrics
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The part of the rows all of whose labels are predicted, and no other.</summary>
    public required double SubsetAccuracy { get; init; }

    /// <summary>The part of all predicted labels that are right; 1 where none is predicted.</summary>
    public required double MicroPrecision { get; init; }

    /// <summary>The part of all labels that are predicted; 1 where there is none.</summary>
    public required double MicroRecall { get; init; }

    /// <summary>The harmonic mean of <see cref="MicroPrecision"/> and <see cref="MicroRecall"/>.</summary>
    public required double MicroF1 { get; init; }

    /// <summary>The mean F1 of the labels that are there or predicted.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>The mean of the labels' average precision, of those that are there: how well their probabilities rank rows, whatever the threshold.</summary>
    public required double MeanAveragePrecision { get; init; }

    /// <summary>Labels of rows that the model does not know: key 0. They count as labels that are not predicted.</summary>
    public required int UnknownLabels { get; init; }

    /// <summary>Each label in the order of the keys.</summary>
    public required IReadOnlyList<LabelMetrics> Labels { get; init; }

    /// <summary>Counts the rows of a data view.</summary>
    internal static MultiLabelMetrics Of(IDataView data, string labelName, string scoreName, string predictedName)
    {
        var label = ColumnRequirement.Keys("label", labelName).Check(data.Schema);
        var score = ColumnRequirement.Scores("score", scoreName).Check(data.Schema);
        var predicted = ColumnRequirement.Keys("predicted label", predictedName).Check(data.Schema);
        int classes = ((VectorDataViewType)score.Type).Size;
        if (predicted.KeyCount() != classes || label.KeyCount() != classes)
            throw new ArgumentOutOfRangeException(nameof(data), string.Create(CultureInfo.InvariantCulture, $"Schema mismatch: the label column '{labelName}' has {label.KeyCount()} keys, the predicted label column '{predictedName}' {predicted.KeyCount()}, and the score column '{scoreName}' {classes} scores. {KeyValues.Advice}"));
        var names = KeyValues.OfLabel(predicted);
        if (names is not null && KeyValues.OfLabel(label) is { } others) names.RequireSame(others, "label", labelName);

        var counter = new LabelCounter(classes);
        using var cursor = data.GetRowCursor([label, score, predicted]);
        var (readLabel, readPredicted, readScore) = (KeyReader.Vector(cursor, label), KeyReader.Vector(cursor, predicted), cursor.GetGetter<VBuffer<float>>(score));
        VBuffer<float> scores = default;
        while (cursor.ReadNext())
        {
            readScore(ref scores);
            int[] actual = readLabel().ToArray();
            counter.Add(actual, readPredicted(), [.. scores.DenseValues()]);
        }
        return counter.Result(names?.Formatted ?? [.. Enumerable.Range(1, classes).Select(key => key.ToString(CultureInfo.InvariantCulture))]);
    }
}

/// <summary>How well one label is predicted.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Precision">The part of its predictions that are right; 1 where it is never predicted.</param>
/// <param name="Recall">The part of its rows, tokens or entities that are predicted; 1 where there is none.</param>
/// <param name="F1">The harmonic mean of the two.</param>
/// <param name="Count">Rows, tokens or entities that have it.</param>
public sealed record LabelMetrics(string Label, double Precision, double Recall, double F1, int Count)
{
    /// <summary>
    /// Average precision: the sum over the thresholds, the highest first, of the gain in recall times the precision; null where no row has
    /// the label, and for labels of tokens.
    /// </summary>
    public double? AveragePrecision { get; init; }

    internal static LabelMetrics Of(string label, int right, int predicted, int actual) =>
        new(label, Share(right, predicted), Share(right, actual), Evaluation.F1(right, predicted, actual), actual);

    internal static double Share(long part, long whole) => whole == 0 ? 1 : (double)part / whole;
}

/// <summary>Counts rows of several labels.</summary>
internal sealed class LabelCounter(int classes)
{
    private readonly int[] _right = new int[classes], _predicted = new int[classes], _actual = new int[classes];
    private readonly List<(float Score, bool Actual)>[] _scores = [.. Enumerable.Range(0, classes).Select(_ => new List<(float, bool)>())];
    private int _rows, _allRight, _unknown;

    /// <summary>Counts a row: keys from 1, 0 for a label that is not known.</summary>
    public void Add(ReadOnlySpan<int> actualKeys, ReadOnlySpan<int> predictedKeys, ReadOnlySpan<float> scores)
    {
        _rows++;
        int unknown = actualKeys.Count(0);
        _unknown += unknown;
        bool all = unknown == 0;
        for (int c = 0; c < classes; c++)
        {
            bool actual = actualKeys.Contains(c + 1), predicted = predictedKeys.Contains(c + 1);
            if (actual) _actual[c]++;
            if (predicted) _predicted[c]++;
            if (actual && predicted) _right[c]++;
            all &= actual == predicted;
            _scores[c].Add((scores[c], actual));
        }
        if (all) _allRight++;
    }

    public MultiLabelMetrics Result(IReadOnlyList<string> names)
    {
        if (_rows == 0) throw new InvalidOperationException("There is no row to evaluate.");
        long right = _right.Sum(count => (long)count), predicted = _predicted.Sum(count => (long)count), actual = _actual.Sum(count => (long)count) + _unknown;
        LabelMetrics[] labels = [.. names.Select((name, c) => LabelMetrics.Of(name, _right[c], _predicted[c], _actual[c]) with { AveragePrecision = AveragePrecision(_scores[c]) })];
        return new()
        {
            Rows = _rows,
            SubsetAccuracy = (double)_allRight / _rows,
            MicroPrecision = LabelMetrics.Share(right, predicted),
            MicroRecall = LabelMetrics.Share(right, actual),
            MicroF1 = Evaluation.F1(right, predicted, actual),
            MacroF1 = Evaluation.MeanF1(_right, _predicted, _actual),
            MeanAveragePrecision = labels.Select(label => label.AveragePrecision).OfType<double>().DefaultIfEmpty(1).Average(),
            UnknownLabels = _unknown,
            Labels = labels,
        };
    }

    /// <summary>Rows of equal scores share a threshold.</summary>
    private static double? AveragePrecision(List<(float Score, bool Actual)> rows)
    {
        int actual = rows.Count(row => row.Actual), right = 0, seen = 0;
        if (actual == 0) return null;
        double sum = 0;
        foreach (var tied in rows.GroupBy(row => row.Score).OrderByDescending(group => group.Key))
        {
            int gained = tied.Count(row => row.Actual);
            right += gained;
            seen += tied.Count();
            sum += (double)gained / actual * right / seen;
        }
        return sum;
    }
}
