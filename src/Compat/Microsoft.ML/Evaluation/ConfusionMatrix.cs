using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>How often each actual class was predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _names;

    internal ConfusionMatrix(double[][] counts, string[] names)
    {
        _names = names;
        Counts = counts;
        PerClassRecall = [.. counts.Select((row, actual) => Ratio(row[actual], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, predicted) => Ratio(row[predicted], counts.Sum(other => other[predicted])))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>The counts: one row for each actual class, one column for each predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses => Counts.Count;

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        Guard.Param((uint)predictedClassIndicatorIndex < (uint)NumberOfClasses, nameof(predictedClassIndicatorIndex), "Invalid index. Should be non-negative, less than the number of classes.");
        Guard.Param((uint)actualClassIndicatorIndex < (uint)NumberOfClasses, nameof(actualClassIndicatorIndex), "Invalid index. Should be non-negative, less than the number of classes.");
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    public string GetFormattedConfusionTable() => ConfusionTable.Format(this, _names);

    private static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;
}
