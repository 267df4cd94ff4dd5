using Microsoft.ML;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Ablation;

/// <summary>The public call, on ML.NET data views.</summary>
public class OrderingAblationTests
{
    private static readonly AblationPlan s_plan = AblationPlan.Quick with
    {
        Positions = [PositionScheme.None, PositionScheme.Sinusoidal],
        Masks = [MaskKind.Bidirectional],
        Encoders = [EncoderKind.Attention, EncoderKind.BagOfEmbeddings],
        Seeds = [1, 2],
        Epochs = 1,
        BootstrapSamples = 100,
        GroupColumn = "Group",
        Model = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 8 },
    };

    [Fact]
    public void OrderingAblation_GroupedTexts_KeepsOrderBlindVariantsAtChance()
    {
        var ml = new MLContext(seed: 1);
        var report = ml.Attention().OrderingAblation(Texts(ml, 0, 30), Texts(ml, 30, 20), s_plan);
        Assert.All(report.Variants.Where(result => result.Variant.Positions == PositionScheme.None), result => Assert.All(result.Runs, run => Assert.Equal(0.5, run.Accuracy, 12)));
        Assert.Equal(2, report.Invariance.Count);
        Assert.All(report.Invariance, proof => Assert.True(proof.Holds));
        Assert.Equal(20, report.Data.TestGroups);
        Assert.True(report.Variants.All(result => result.Parameters > 0));
    }

    [Fact]
    public void OrderingAblation_RunFolder_IsContinued()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var first = ml.Attention().OrderingAblation(Texts(ml, 0, 30), Texts(ml, 30, 20), s_plan, new() { RunFolder = folder.Path });
        var written = Directory.GetFiles(folder.Path).ToDictionary(path => path, File.GetLastWriteTimeUtc);
        var second = ml.Attention().OrderingAblation(Texts(ml, 0, 30), Texts(ml, 30, 20), s_plan, new() { RunFolder = folder.Path });
        Assert.Equal(first.Variants.Select(result => result.MeanAccuracy), second.Variants.Select(result => result.MeanAccuracy));
        Assert.All(written, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
    }

    [Fact]
    public void OrderingAblation_OneSet_SetsWholeGroupsApart()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var plan = s_plan with { TestFraction = 0.4 };
        var report = ml.Attention().OrderingAblation(Texts(ml, 0, 50), plan, new() { RunFolder = folder.Path });
        Assert.Equal(20, report.Data.TestGroups);
        Assert.Equal(40, report.Data.TestTexts);
        Assert.Equal(60, report.Data.TrainingTexts);
        Assert.NotEmpty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void OrderingAblation_OneSetWithoutGroups_TakesTheSameShareOfEachLabel()
    {
        var ml = new MLContext(seed: 1);
        var report = ml.Attention().OrderingAblation(Texts(ml, 0, 50), s_plan with { GroupColumn = null, TestFraction = 0.4, Seeds = [1] });
        Assert.Equal([20, 20], report.Data.TestTextsByClass);
    }

    [Fact]
    public void OrderingAblation_TooFewRows_SaysSo()
    {
        var ml = new MLContext(seed: 1);
        var error = Assert.Throws<ArgumentException>(() => ml.Attention().OrderingAblation(Texts(ml, 0, 1), s_plan with { GroupColumn = null }));
        Assert.Contains("2 rows are too few for a test share of 0.2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OrderingAblation_MissingColumn_NamesThoseThereAre()
    {
        var ml = new MLContext(seed: 1);
        var error = Assert.Throws<ArgumentException>(() => ml.Attention().OrderingAblation(Texts(ml, 0, 3), Texts(ml, 3, 3), s_plan with { GroupColumn = "Family" }));
        Assert.Contains("no column 'Family'. It has: Text, Label, Group", error.Message, StringComparison.Ordinal);
    }

    private static IDataView Texts(MLContext ml, int firstGroup, int groups) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(firstGroup, groups).SelectMany(group => new[]
        {
            new Row { Text = $"dog{group % 5} bites cat{group % 7}", Label = "dog", Group = $"{group}" },
            new Row { Text = $"cat{group % 7} bites dog{group % 5}", Label = "cat", Group = $"{group}" },
        }).ToArray());

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public string Group { get; set; } = "";
    }
}
