namespace MlAttention.Ablation;

/// <summary>The data of an ablation.</summary>
public sealed record AblationDataSummary
{
    /// <summary>What the user calls it, for example the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 over tokens and labels of training and test texts, in hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Texts for training and early stopping.</summary>
    public required int TrainingTexts { get; init; }

    /// <summary>Texts for testing.</summary>
    public required int TestTexts { get; init; }

    /// <summary>Names of the classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Test texts of each class.</summary>
    public required IReadOnlyList<int> TestTextsByClass { get; init; }

    /// <summary>Different tokens of the training texts.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Share of test tokens that the training texts do not have.</summary>
    public required double UnknownShare { get; init; }

    /// <summary>Shortest, median and longest test text, in tokens.</summary>
    public required IReadOnlyList<int> TestLengths { get; init; }

    /// <summary>Groups of test texts that are kept together; null when every text stands alone.</summary>
    public int? TestGroups { get; init; }

    /// <summary>Rows without a label, left out.</summary>
    public int SkippedRows { get; init; }

    /// <summary>Accuracy of always giving the most frequent class of the test texts.</summary>
    public double Chance => TestTextsByClass.Max() / (double)TestTexts;
}
