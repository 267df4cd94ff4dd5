using MlAttention.Cli.Datasets;

namespace MlAttention.Tests.Datasets;

public class DatasetGeneratorTests
{
    public static TheoryData<string, string> ShippedFiles => new()
    {
        { "word-order", "word_order.csv" },
        { "keyword-topics", "keyword_topics.csv" },
        { "negation-scope", "negation_scope.csv" },
        { "messy", "messy.csv" },
    };

    [Theory]
    [MemberData(nameof(ShippedFiles))]
    public void ToCsv_SeedOne_IsTheShippedFile(string name, string file)
    {
        var generator = DatasetGenerator.Find(name);
        Assert.Equal(File.ReadAllText(RepositoryFiles.Dataset(file)), generator.ToCsv(generator.DefaultRows, seed: 1));
    }

    [Theory]
    [MemberData(nameof(ShippedFiles))]
    public void ToCsv_OtherSeed_GivesOtherRows(string name, string file)
    {
        if (name == "messy") return; // one fixed set of cases
        var generator = DatasetGenerator.Find(name);
        Assert.NotEqual(File.ReadAllText(RepositoryFiles.Dataset(file)), generator.ToCsv(generator.DefaultRows, seed: 2));
    }

    [Fact]
    public void WordOrder_ShippedRows_PutEveryBagUnderEveryLabelEquallyOften()
    {
        var rows = Rows("word-order");
        var labels = rows.Select(row => row[1]).Distinct().ToArray();
        Assert.Equal(3, labels.Length);
        Assert.True(rows.Count >= 4000);
        foreach (var bag in rows.GroupBy(row => WordBag.Of(row[0])))
        {
            Assert.All(labels, label => Assert.Equal(2, bag.Count(row => row[1] == label)));
            Assert.Single(bag.Select(row => row[2]).Distinct());
        }
        Assert.Equal(rows.Count / WordOrderDataset.GroupSize, rows.Select(row => row[2]).Distinct().Count());
        Assert.Equal(rows.Count, rows.Select(row => row[0]).Distinct().Count());
    }

    [Fact]
    public void WordOrder_SplitAtSpacesOnly_StillHidesTheLabel()
    {
        foreach (var group in Rows("word-order").GroupBy(row => row[2]))
            Assert.Single(group.Select(row => string.Join(' ', row[0].Split(' ').Order(StringComparer.Ordinal))).Distinct());
    }

    [Fact]
    public void NegationScope_ShippedRows_AreDecidedByOrderInTwoOfFive()
    {
        var rows = Rows("negation-scope");
        var bags = rows.GroupBy(row => WordBag.Of(row[0])).ToArray();
        double bestWithoutOrder = bags.Sum(bag => bag.GroupBy(row => row[1]).Max(label => label.Count())) / (double)rows.Count;
        Assert.Equal(NegationScopeDataset.OrderBlindCeiling, bestWithoutOrder, 12);
        Assert.All(bags, bag => Assert.Single(bag.Select(row => row[2]).Distinct()));
    }

    [Fact]
    public void KeywordTopics_ShippedRows_NeverShareABag()
    {
        var rows = Rows("keyword-topics");
        Assert.Equal(rows.Count, rows.Select(row => WordBag.Of(row[0])).Distinct().Count());
        Assert.All(rows.GroupBy(row => row[1]), label => Assert.Equal(rows.Count / 4, label.Count()));
    }

    [Fact]
    public void Parity_Rows_HaveALabelThatNoOrderChanges()
    {
        var rows = Rows("parity");
        Assert.All(rows.GroupBy(row => WordBag.Of(row[0])), bag => Assert.Single(bag.Select(row => row[1]).Distinct()));
        Assert.InRange(rows.Count(row => row[1] == "even"), 900, 1100);
        Assert.All(rows, row => Assert.Equal(row[0].Split(' ').Count(word => word is "robin" or "heron" or "falcon" or "sparrow" or "magpie" or "swallow" or "pelican" or "wren") % 2 == 0, row[1] == "even"));
    }

    [Theory]
    [InlineData("word-order", 7)]
    [InlineData("word-order", 0)]
    [InlineData("negation-scope", 15)]
    [InlineData("keyword-topics", 0)]
    public void Generate_ImpossibleRowCount_SaysSo(string name, int rows) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetGenerator.Find(name).Generate(rows, 1));

    [Fact]
    public void Find_UnknownName_ListsTheNames()
    {
        var error = Assert.Throws<ArgumentException>(() => DatasetGenerator.Find("nope"));
        Assert.Contains("word-order, keyword-topics, negation-scope, parity, messy", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<IReadOnlyList<string>> Rows(string name)
    {
        var generator = DatasetGenerator.Find(name);
        return generator.Generate(generator.DefaultRows, 1);
    }
}
