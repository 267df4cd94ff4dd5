using Microsoft.ML;
using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Ablation.Runs;

/// <summary>Which of the given texts an ablation reads.</summary>
public class AblationDataReaderTests
{
    private static readonly AblationPlan _plan = new() { TrainingTexts = 40, TestTexts = 20 };

    [Fact]
    public void Read_FewerTextsThanThereAre_TakesOfEachLabelItsShare()
    {
        var data = Read(_plan, Texts(400), Texts(100));

        Assert.Equal([10, 30], data.Training.CountClasses());
        Assert.Equal([5, 15], data.Test.CountClasses());
        Assert.Equal(data.Training.Tokens, Read(_plan, Texts(400), Texts(100)).Training.Tokens);
        Assert.NotEqual(data.Training.Tokens, Read(_plan with { SplitSeed = 2 }, Texts(400), Texts(100)).Training.Tokens);
    }

    [Fact]
    public void Read_FewerTextsOfGroups_TakesWholeGroups()
    {
        var data = Read(_plan with { GroupColumn = nameof(Row.Group) }, Texts(400), Texts(100));

        Assert.Equal(40, data.Training.Count);
        Assert.All(data.Training.Groups.CountBy(group => group), group => Assert.Equal(8, group.Value));
    }

    [Fact]
    public void Read_AsManyTextsAsThereAre_TakesAll()
    {
        var data = Read(_plan with { TrainingTexts = 400, TestTexts = null }, Texts(400), Texts(100));

        Assert.Equal((400, 100), (data.Training.Count, data.Test.Count));
    }

    [Fact]
    public void Validate_NoTexts_NamesTheOption() =>
        Assert.Contains("TrainingTexts = 0: must be at least 1 text", Assert.Throws<ArgumentException>(() => (_plan with { TrainingTexts = 0 }).Validate()).Message);

    private static AblationData Read(AblationPlan plan, Row[] train, Row[] test)
    {
        var context = new MLContext(seed: 1);
        return new AblationDataReader(context, plan).Read(context.Data.LoadFromEnumerable(train), context.Data.LoadFromEnumerable(test));
    }

    private static Row[] Texts(int count) => [.. Enumerable.Range(0, count).Select(i => new Row($"text {i}", i % 4 == 0 ? "a" : "b", $"{i / 8}"))];

    private sealed record Row(string Text, string Label, string Group);
}
