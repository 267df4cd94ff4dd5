namespace MlAttention.Benchmarks;

/// <summary>One verb of the benchmark program.</summary>
internal interface IBenchmark
{
    /// <summary>The verb on the command line.</summary>
    string Verb { get; }

    /// <summary>What it measures, in one line.</summary>
    string Summary { get; }

    /// <param name="arguments">What follows the verb.</param>
    /// <returns>The exit code.</returns>
    int Run(IReadOnlyList<string> arguments);
}
