namespace Microsoft.ML.Runtime;

/// <summary>One report of progress, filled in on demand.</summary>
public interface IProgressEntry
{
    void SetProgress(int index, double value);

    void SetProgress(int index, double value, double lim);

    void SetMetric(int index, double value);
}
