using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Ablation.Runs;

public class DecidingWordsTests
{
    [Fact]
    public void Of_ThreePeopleInAllOrders_IsTheOneWhoseRoleMakesTheLabel()
    {
        // Words 1, 2, 3 in the roles actor, patient, receiver around the word 9; the label is the actor's.
        int[][] texts = [[1, 9, 2, 3], [1, 9, 3, 2], [2, 9, 1, 3], [2, 9, 3, 1], [3, 9, 1, 2], [3, 9, 2, 1]];

        Assert.All(DecidingWords.Of(Dataset(texts, [0, 0, 1, 1, 2, 2])), word => Assert.Equal((0, "0,2,3"), (word!.Place, string.Join(',', word.Exchanged))));
        // The label is the patient's.
        Assert.All(DecidingWords.Of(Dataset(texts, [1, 2, 0, 2, 0, 1])), word => Assert.Equal((2, "0,2,3"), (word!.Place, string.Join(',', word.Exchanged))));
    }

    [Fact]
    public void Of_TextsThatTellNothing_IsNothing()
    {
        Assert.All(DecidingWords.Of(Dataset([[1, 2], [2, 1]], [0, 1])), Assert.Null);                          // one of two, but which?
        Assert.All(DecidingWords.Of(Dataset([[1, 2], [3, 4]], [0, 1])), Assert.Null);                          // other words
        Assert.All(DecidingWords.Of(Dataset([[1, 2, 3], [2, 3, 1], [3, 1, 2]], [0, 1, 2])), Assert.Null);  // never two alone
        Assert.All(DecidingWords.Of(Dataset([[1, 2, 3], [2, 1, 3], [1, 3, 2]], [0, 0, 0])), Assert.Null);  // one label
    }

    /// <summary>The generator knows who acts: the person of the label's field.</summary>
    [Fact]
    public void Of_WordOrderFile_IsThePersonOfTheLabelsField()
    {
        string[][] fields =
        [
            ["cook", "baker", "waiter", "butcher", "brewer", "grocer"],
            ["doctor", "nurse", "surgeon", "dentist", "midwife", "pharmacist"],
            ["teacher", "student", "librarian", "professor", "tutor", "principal"],
        ];
        string[] labels = ["kitchen", "medicine", "school"];
        string[][] rows = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "datasets", "word_order.csv")).Skip(1).Select(line => line.Split(','))];
        string[][] words = [.. rows.Select(row => string.Join(' ', row[..^2]).Trim('"').Split(' '))];
        var vocabulary = words.SelectMany(text => text).Distinct().Index().ToDictionary(word => word.Item, word => word.Index + 1);

        var deciding = DecidingWords.Of(Dataset([.. words.Select(text => text.Select(word => vocabulary[word]).ToArray())], [.. rows.Select(row => Array.IndexOf(labels, row[^2]))]));

        for (int row = 0; row < deciding.Length; row++)
        {
            Assert.Contains(words[row][deciding[row]!.Place], fields[Array.IndexOf(labels, rows[row][^2])]);
            Assert.Equal(fields.SelectMany(field => field).Intersect(words[row]).Order(), deciding[row]!.Exchanged.Select(place => words[row][place]).Order());
        }
    }

    private static TokenDataset Dataset(int[][] texts, int[] labels)
    {
        var builder = new TokenDatasetBuilder(texts.Max(text => text.Max()), 3, 64, TruncationSide.KeepStart);
        foreach (var (text, label) in texts.Zip(labels)) builder.Add(text, label);
        return builder.Build();
    }
}
