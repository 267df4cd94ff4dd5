namespace MlAttention.Datasets;

/// <summary>The data sets this project can make.</summary>
public static class DatasetGenerators
{
    /// <summary>All generators, in the order in which help lists them.</summary>
    public static IReadOnlyList<IDatasetGenerator> All { get; } =
        [new WordOrderDataset(), new KeywordTopicsDataset(), new NegationScopeDataset(), new ParityDataset(), new MessyDataset()];

    /// <summary>Finds a generator by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists the names.</exception>
    public static IDatasetGenerator Find(string name) =>
        All.FirstOrDefault(generator => generator.Name == name)
        ?? throw new ArgumentException($"There is no data set '{name}'. There are: {string.Join(", ", All.Select(generator => generator.Name))}.");
}
