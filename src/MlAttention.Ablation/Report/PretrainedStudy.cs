namespace MlAttention.Ablation.Report;

/// <summary>What the report of a pretrained encoder has beside that of models from scratch.</summary>
/// <param name="Gates">What must hold before anything is concluded.</param>
/// <param name="Permutations">What random orders of the words do to each trained variant.</param>
/// <param name="Disturbances">How far each arrangement takes words from their places.</param>
/// <param name="Losses">The share of usable information that each variant loses.</param>
/// <param name="EqualBags">The vectors of texts with the same pieces, for each variant and seed of which there are any.</param>
/// <param name="Swaps">Texts of which two words change places and with them the label; null where there are none.</param>
/// <param name="Rates">The learning rates that were chosen.</param>
/// <param name="SmallestDifference">About the smallest difference of two accuracies that so many test texts can tell from 0.</param>
internal sealed record PretrainedStudy(
    IReadOnlyList<OrderGate> Gates,
    IReadOnlyList<PermutationResult> Permutations,
    IReadOnlyList<OrderDisturbance> Disturbances,
    IReadOnlyList<InformationLoss> Losses,
    IReadOnlyList<EqualBagsResult> EqualBags,
    SwapResult? Swaps,
    IReadOnlyList<ChosenRate> Rates,
    double SmallestDifference)
{
    /// <summary>Whether all gates hold; otherwise nothing is concluded.</summary>
    [JsonIgnore]
    public bool IsSound => Gates.All(gate => gate.Holds);
}

/// <summary>One thing that must hold.</summary>
/// <param name="Kind">What.</param>
/// <param name="Variant">Of which variant.</param>
/// <param name="Value">What was measured in the worst seed; null where the kind has no number.</param>
/// <param name="Bound">What it may come to, or has to exceed.</param>
/// <param name="Holds">Whether it holds in every seed.</param>
internal sealed record OrderGate(GateKind Kind, AblationVariant Variant, double? Value, double? Bound, bool Holds)
{
    /// <summary>What rounding may change in a number of a model that is blind to order.</summary>
    public const double Rounding = 1e-4;
}

/// <summary>What must hold before anything is concluded.</summary>
internal enum GateKind
{
    /// <summary>No shuffle of the pieces changes a logit of a model without positions.</summary>
    BlindToPieces,
    /// <summary>No shuffle of the words changes an answer of a model without positions, so that the figures over permutations are the accuracy, 1 and 0.</summary>
    SameAnswers,
    /// <summary>Shuffles of the pieces change logits of the model with positions.</summary>
    SeesOrder,
}

/// <summary>Figures over permutations of one variant.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Texts">Test texts.</param>
/// <param name="Permutations">Random orders of each.</param>
/// <param name="GuessersOmegaMax">Ω_max of guessing.</param>
/// <param name="Seeds">The figures of each seed.</param>
internal sealed record PermutationResult(AblationVariant Variant, int Texts, int Permutations, double GuessersOmegaMax, IReadOnlyList<PermutationFigures> Seeds)
{
    /// <summary>The mean of a figure over the seeds that have it; null when none has.</summary>
    public double? Mean(Func<PermutationFigures, double?> figure) => Seeds.Average(figure);
}

/// <summary>Figures over permutations of one seed; <see cref="PermutationScores"/> has the formulas.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Accuracy">Share of these texts that are right in order.</param>
/// <param name="OmegaMax">Ω_max.</param>
/// <param name="OmegaRandom">Ω_rand.</param>
/// <param name="RightMean">P^c over all texts that are right in order.</param>
/// <param name="RightMeanOfAny">P^c over those that some permutation gets right, as the published code has it.</param>
/// <param name="WrongMean">P^f over all texts that are wrong in order.</param>
/// <param name="WrongMeanOfAny">P^f over those that some permutation gets right, as the published code has it.</param>
/// <param name="Agreement">Share of unchanged answers.</param>
/// <param name="Confidence">Mean probability of the answer in order.</param>
/// <param name="ShuffledConfidence">Mean probability of the answers over the permutations.</param>
/// <param name="Sensitivity">Word-order sensitivity, over all test texts.</param>
/// <param name="Surviving">Share of right answers that a shuffle leaves unchanged, over all test texts.</param>
internal sealed record PermutationFigures(
    int Seed, double Accuracy, double OmegaMax, double OmegaRandom, double? RightMean, double? RightMeanOfAny, double? WrongMean, double? WrongMeanOfAny,
    double Agreement, double Confidence, double ShuffledConfidence, double? Sensitivity, double? Surviving);

/// <summary>How far an arrangement takes words from their places, over the test texts.</summary>
/// <param name="Arrangement">The arrangement.</param>
/// <param name="Global">Mean IDC.</param>
/// <param name="Local">Mean DND.</param>
/// <param name="DistinctShare">Of the random orders of a text, the share that are different texts; short texts repeat theirs.</param>
internal sealed record OrderDisturbance(WordArrangement Arrangement, double Global, double Local, double DistinctShare);

/// <summary>(ordered - variant) / (ordered - majority class).</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Share">The share; null where ordered is no better than the majority class.</param>
internal sealed record InformationLoss(AblationVariant Variant, double? Share);

/// <summary>Test texts of the same pieces in different orders.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Groups">Groups of such texts.</param>
/// <param name="Texts">Texts in them.</param>
/// <param name="LargestDifference">The largest difference between numbers of two vectors of a group, as a share of the largest number; of the worst seed.</param>
internal sealed record EqualBagsResult(AblationVariant Variant, int Groups, int Texts, double LargestDifference);

/// <summary>Pairs of test texts that differ by two words changing places, and in their label: how the ordered variant fares, against the first text's label.</summary>
/// <param name="Pairs">Ordered pairs of texts.</param>
/// <param name="InOrder">Accuracy on the first text.</param>
/// <param name="Swapped">Share of second texts that get the label of the first.</param>
/// <param name="Shuffled">Accuracy on the first text with its words shuffled.</param>
internal sealed record SwapResult(int Pairs, double InOrder, double Swapped, double Shuffled);

/// <summary>The learning rate of one trained variant.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Rates">The rate of its runs; several only where runs of unlike machines were put together.</param>
internal sealed record ChosenRate(AblationVariant Variant, IReadOnlyList<double> Rates);
