namespace MlAttention.Ablation.Analysis;

/// <summary>What the main comparison's variants say of each test text.</summary>
/// <param name="data">The texts.</param>
/// <param name="finished">The finished runs of a variant.</param>
internal sealed class TextAnalysis(AblationData data, Func<AblationVariant, AblationRun[]> finished)
{
    private const int MostTexts = 500;

    /// <summary>The study.</summary>
    /// <param name="main">The two variants.</param>
    /// <param name="listsTexts">Whether texts may stand in the report.</param>
    public TextStudy Study(VariantComparison main, bool listsTexts)
    {
        TextVote[] first = Votes(main.First), second = Votes(main.Second);
        int[] outcomes = new int[Enum.GetValues<TextOutcome>().Length];
        for (int row = 0; row < first.Length; row++) outcomes[(int)TestedText.Of(data.Test.Labels[row], first[row], second[row])]++;
        if (!listsTexts) return new(main.First, main.Second, outcomes, []);
        double[]? changed = ShareOfChanges(main.First);
        bool isGrouped = data.Test.Groups.Length > 0;
        return new(main.First, main.Second, outcomes,
        [
            .. Listed(row => first[row].Class != second[row].Class).Select(row =>
                new TestedText(data.TestTexts[row], data.Test.Labels[row], isGrouped ? data.Test.Groups[row] : null, first[row], second[row], changed is null ? null : Math.Round(changed[row], 4))),
        ]);
    }

    /// <summary>Whole groups, those first of which some text is disagreed on, and as many as fit.</summary>
    private List<int> Listed(Func<int, bool> isDisputed)
    {
        var rows = new List<int>();
        foreach (int[] group in AblationData.GroupsOf(data.Test).OrderByDescending(group => group.Any(isDisputed)))
            if (rows.Count + group.Length <= MostTexts) rows.AddRange(group);
        return rows;
    }

    private TextVote[] Votes(AblationVariant variant)
    {
        int[][] predictions = [.. finished(variant).SelectMany(run => VariantAnalysis.Predictions(variant, run))];
        byte[]?[] probabilities = [.. finished(variant).Select(run => run.LabelProbabilities)];
        bool isKnown = probabilities.All(ofRun => ofRun is not null);
        return [.. Enumerable.Range(0, data.Test.Count).Select(row =>
        {
            var votes = predictions.CountBy(ofAll => ofAll[row]).ToArray();
            var (winner, count) = votes.OrderByDescending(vote => vote.Value).ThenBy(vote => vote.Key).First();
            return new TextVote(winner, count, predictions.Length, isKnown ? Math.Round(probabilities.Average(ofRun => LabelProbabilities.At(ofRun!, row)), 4) : null);
        })];
    }

    /// <summary>Of each text, the share of shuffles that change the variant's answer.</summary>
    private double[]? ShareOfChanges(AblationVariant variant)
    {
        (int[] InOrder, int[] Shuffled)[] pairs = [.. finished(variant).SelectMany(run => Shuffled(variant, run).Select(shuffled => (run.Predictions, shuffled)))];
        return pairs.Length == 0 ? null : [.. Enumerable.Range(0, data.Test.Count).Select(row => pairs.Count(pair => pair.InOrder[row] != pair.Shuffled[row]) / (double)pairs.Length)];
    }

    private static IReadOnlyList<int[]> Shuffled(AblationVariant variant, AblationRun run) => variant.Pretrained is null
        ? run.ShuffledPredictions
        : run.Pretrained!.Answers.FirstOrDefault(answers => answers.Variant == PretrainedVariant.TestShuffled)?.Predictions ?? [];
}
