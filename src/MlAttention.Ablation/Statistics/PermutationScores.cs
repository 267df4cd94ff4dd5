namespace MlAttention.Ablation.Statistics;

/// <summary>
/// What permutations of the words do to a classifier, text by text (Sinha et al. 2021, UnNatural Language Inference). With q permutations
/// of text i and m classes, a_i is the share of them that get the text's own label.
/// </summary>
/// <param name="right">Whether each text is right in its own order.</param>
/// <param name="permutationsRight">Of each text, how many permutations get its label.</param>
/// <param name="permutationsSame">Of each text, how many permutations get the answer that its own order gets.</param>
/// <param name="permutations">q.</param>
internal sealed class PermutationScores(IReadOnlyList<bool> right, IReadOnlyList<int> permutationsRight, IReadOnlyList<int> permutationsSame, int permutations)
{
    /// <summary>Share of texts that are right in their own order.</summary>
    public double Accuracy => right.Average(isRight => isRight ? 1.0 : 0);

    /// <summary>Ω_max: share of texts with a permutation that is right, a_i >= 1/q. High values are no competence: see <see cref="GuessersOmegaMax"/>.</summary>
    public double OmegaMax => Share(count => count >= 1);

    /// <summary>Ω_rand: share of texts of which more permutations are right than guessing would get, a_i > 1/m.</summary>
    /// <param name="classes">m.</param>
    public double OmegaRandom(int classes) => Share(count => (long)count * classes > permutations);

    /// <summary>P^c: mean a_i of the texts that are right in their own order; null when there are none.</summary>
    /// <param name="onlyAnyRight">Whether texts without a right permutation are left out, as in the published code.</param>
    public double? MeanOfRight(bool onlyAnyRight) => Mean(ofRight: true, onlyAnyRight);

    /// <summary>P^f: mean a_i of the texts that are wrong in their own order; null when there are none.</summary>
    /// <param name="onlyAnyRight">Whether texts without a right permutation are left out, as in the published code.</param>
    public double? MeanOfWrong(bool onlyAnyRight) => Mean(ofRight: false, onlyAnyRight);

    /// <summary>Share of answers, over all texts and permutations, that are the ones of the texts' own order.</summary>
    public double Agreement => permutationsSame.Average(count => count / (double)permutations);

    /// <summary>
    /// Whether the answers are those of a model that cannot see order: the same for every permutation of a text, so that Ω_max and Ω_rand
    /// are the accuracy, P^c is 1, P^f is 0 and all answers agree.
    /// </summary>
    public bool IsOrderBlind => Enumerable.Range(0, right.Count).All(text => permutationsSame[text] == permutations && permutationsRight[text] == (right[text] ? permutations : 0));

    /// <summary>What guessing gets as Ω_max: 1 - (1 - 1/m)^q.</summary>
    public static double GuessersOmegaMax(int classes, int permutations) => 1 - Math.Pow(1 - 1.0 / classes, permutations);

    private double Share(Func<int, bool> counts) => permutationsRight.Count(counts) / (double)permutationsRight.Count;

    private double? Mean(bool ofRight, bool onlyAnyRight)
    {
        double[] shares = [.. permutationsRight.Where((count, text) => right[text] == ofRight && (!onlyAnyRight || count > 0)).Select(count => count / (double)permutations)];
        return shares.Length == 0 ? null : Sample.Mean(shares);
    }
}

/// <summary>Word-order sensitivity for any number of classes.</summary>
internal static class OrderSensitivity
{
    /// <summary>
    /// (1 - p) / (1 - 1/K), where p is the accuracy on shuffled texts that were right in order, each class counting alike: 0 when no answer
    /// changes, 1 when shuffled texts are answered as by guessing. Pham et al. 2021 have (100 - p)/50 for two classes.
    /// </summary>
    /// <param name="labels">The class of each text.</param>
    /// <param name="inOrder">The answers in order.</param>
    /// <param name="shuffled">The answers on shuffled texts, one array for each shuffle.</param>
    /// <param name="classes">K.</param>
    /// <returns>Null when no text is right in order.</returns>
    public static double? Of(int[] labels, int[] inOrder, IReadOnlyList<int[]> shuffled, int classes)
    {
        var rightByClass = Enumerable.Range(0, labels.Length).Where(text => inOrder[text] == labels[text]).GroupBy(text => labels[text]).ToArray();
        if (rightByClass.Length == 0 || shuffled.Count == 0) return null;
        double kept = rightByClass.Average(texts => texts.Average(text => shuffled.Count(answers => answers[text] == labels[text]) / (double)shuffled.Count));
        return (1 - kept) / (1 - 1.0 / classes);
    }
}
