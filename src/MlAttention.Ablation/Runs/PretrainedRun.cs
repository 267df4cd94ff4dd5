namespace MlAttention.Ablation.Runs;

/// <summary>What a run of a pretrained encoder has beside any other run.</summary>
internal sealed record PretrainedRun
{
    /// <summary>The learning rate that it was trained with.</summary>
    public double LearningRate { get; init; }

    /// <summary>Predicted class of each test text in the arrangements that <see cref="AblationRun.Predictions"/> and <see cref="AblationRun.ShuffledPredictions"/> do not hold.</summary>
    public IReadOnlyList<VariantAnswers> Answers { get; init; } = [];

    /// <summary>The test texts of the figures over permutations; none where those make no sense.</summary>
    public int[] PermutationTexts { get; init; } = [];

    /// <summary>Of each of those, how many random orders get its label.</summary>
    public int[] PermutationsRight { get; init; } = [];

    /// <summary>Of each of those, how many random orders get the class that its own order gets.</summary>
    public int[] PermutationsSame { get; init; } = [];

    /// <summary>Mean probability of the predicted class, in order.</summary>
    public double Confidence { get; init; }

    /// <summary>Mean probability of the predicted class over the random orders.</summary>
    public double ShuffledConfidence { get; init; }

    /// <summary>The test texts that have another one with the same pieces, and how alike their vectors are; null where there are none.</summary>
    public EqualBags? EqualBags { get; init; }
}

/// <summary>The answers of one arrangement of the test texts.</summary>
/// <param name="Variant">The variant whose test it is.</param>
/// <param name="Predictions">Predicted class of each test text: one array for each draw.</param>
internal sealed record VariantAnswers(PretrainedVariant Variant, IReadOnlyList<int[]> Predictions);

/// <summary>Test texts of the same pieces in different orders: without positions their vectors are equal.</summary>
/// <param name="Groups">Groups of such texts.</param>
/// <param name="Texts">Texts in them.</param>
/// <param name="LargestDifference">The largest difference between numbers of two vectors of a group, as a share of the largest number.</param>
internal sealed record EqualBags(int Groups, int Texts, double LargestDifference);
