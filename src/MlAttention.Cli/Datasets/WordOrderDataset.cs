namespace MlAttention.Cli.Datasets;

/// <summary>
/// Who did what to whom: three people of three fields of work appear in each sentence and the label is the field of the one who acts.
/// Each sentence comes in all six arrangements of its people, so every bag of words stands under every label equally often,
/// and a model that cannot see order is right one time in three, exactly.
/// </summary>
internal sealed class WordOrderDataset() : DatasetGenerator(
    "word-order", "who did what to whom; every bag of words stands under every label equally often", ["Text", "Label", "Group"], 4800)
{
    /// <summary>Sentences that share one bag of words: the arrangements of three people.</summary>
    public const int GroupSize = 6;

    private static readonly int[][] s_arrangements = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    protected override string? WhyNot(int rows) => rows > 0 && rows % GroupSize == 0 ? null
        : $"{Name} makes whole groups of {GroupSize} sentences with the same words; {rows} rows are no multiple of {GroupSize}.";

    protected override IEnumerable<string[]> Rows(Xoshiro256 random)
    {
        var bags = new HashSet<string>();
        while (true)
        {
            string frame = Frame(random);
            string[] people = [.. WordOrderGrammar.People.Select(random.Pick)];
            if (!bags.Add(WordBag.Of(Fill(frame, people, s_arrangements[0])))) continue;
            string group = FormattableString.Invariant($"{bags.Count}");
            foreach (int[] arrangement in s_arrangements) yield return [Fill(frame, people, arrangement), WordOrderGrammar.Fields[arrangement[0]], group];
        }
    }

    private static string Frame(Xoshiro256 random)
    {
        string time = random.Pick(WordOrderGrammar.Times), place = random.Pick(WordOrderGrammar.Places);
        return random.Pick(WordOrderGrammar.Templates)
            .Replace("{v}", random.Pick(WordOrderGrammar.Verbs), StringComparison.Ordinal)
            .Replace("{t}", time, StringComparison.Ordinal).Replace("{T}", WordOrderGrammar.Capitalized(time), StringComparison.Ordinal)
            .Replace("{l}", place, StringComparison.Ordinal).Replace("{L}", WordOrderGrammar.Capitalized(place), StringComparison.Ordinal)
            .Replace("{a}", random.NextInt(2) == 0 ? random.Pick(WordOrderGrammar.Adjectives) + " " : "", StringComparison.Ordinal);
    }

    private static string Fill(string frame, string[] people, int[] arrangement) => frame
        .Replace("{A}", people[arrangement[0]], StringComparison.Ordinal)
        .Replace("{P}", people[arrangement[1]], StringComparison.Ordinal)
        .Replace("{R}", people[arrangement[2]], StringComparison.Ordinal);
}
