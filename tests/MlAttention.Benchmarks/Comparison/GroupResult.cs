namespace MlAttention.Benchmarks.Comparison;

/// <summary>What one group of measurements found; kept in a file, so that the page can be written from groups of different times.</summary>
internal sealed record GroupResult
{
    /// <summary>The group's name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>The heading of its table.</summary>
    public required string Title { get; init; }

    /// <summary>What is measured, and how, in a sentence or two.</summary>
    public required string Note { get; init; }

    /// <summary>The day and time of the measurement, in UTC.</summary>
    public string Measured { get; init; } = "";

    /// <summary>The machine, versions and libtorch's speed.</summary>
    public string Machine { get; init; } = "";

    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> Rows { get; init; }

    public IReadOnlyList<GoalOutcome> Goals { get; init; } = [];
}
