namespace MlAttention.Benchmarks.Comparison;

/// <summary>Measurements that belong into one table and take less than four minutes.</summary>
internal interface IComparisonGroup
{
    /// <summary>The group's name on the command line.</summary>
    string Name { get; }

    GroupResult Measure();
}
