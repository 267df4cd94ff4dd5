namespace MlAttention.Cli.Datasets;

/// <summary>
/// Lists of animals; the label says whether the number of birds is even or odd. It looks like a task of structure, but the label is the same
/// for every order of the words, so it is no test of order, however hard it is.
/// </summary>
internal sealed class ParityDataset() : DatasetGenerator(
    "parity", "an even or an odd number of birds; hard for linear models, yet order is irrelevant", ["Text", "Label"], 2000)
{
    private const int Animals = 4;

    private static readonly string[] s_birds = ["robin", "heron", "falcon", "sparrow", "magpie", "swallow", "pelican", "wren"];

    private static readonly string[] s_others = ["badger", "otter", "lizard", "salmon", "beetle", "rabbit", "weasel", "tortoise"];

    protected override bool IsShuffled(int rows) => false;

    protected override IEnumerable<string[]> Rows(Xoshiro256 random)
    {
        while (true)
        {
            bool[] isBird = [.. Enumerable.Range(0, Animals).Select(_ => random.NextInt(2) == 0)];
            string[] words = [.. isBird.Select(bird => random.Pick(bird ? s_birds : s_others))];
            yield return [string.Join(" ", words), isBird.Count(bird => bird) % 2 == 0 ? "even" : "odd"];
        }
    }
}
