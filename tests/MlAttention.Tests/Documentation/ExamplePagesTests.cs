using MlAttention.Tests.Datasets;
using MlAttention.Tests.Documentation.Pictures;

namespace MlAttention.Tests.Documentation;

/// <summary>The tables of docs/OBJECT_QUERIES.md and docs/KEYWORD_SPOTTING.md are those of the runs that docs/pictures keeps.</summary>
public sealed class ExamplePagesTests
{
    [Fact]
    public void ObjectQueries_Table_IsThatOfTheRun()
    {
        var run = ExamplePictures.ObjectQueries;
        Assert.Equal(["Grid", "None"], run.Detectors.Select(detector => detector.Positions));
        Assert.All(run.Detectors, detector =>
        {
            var measures = detector.Measures;
            Assert.Contains(FormattableString.Invariant($" | {measures.MeanAveragePrecision:0.000} | {100 * measures.RightClasses:0.0}% | {measures.Overlap:0.000} | {measures.CountError:0.00} |\n"), Page("OBJECT_QUERIES.md"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void KeywordSpotting_Table_IsThatOfTheRun()
    {
        var run = ExamplePictures.KeywordSpotting;
        Assert.Equal([0, 1, 2, 4, 8, null], run.Results.Select(result => result.Window));
        Assert.All(run.Results, result => Assert.Contains(FormattableString.Invariant($" | {100 * result.Found:0.0}% | {result.FalseAlarms:0.0} | {100 * result.RightTokens:0.0}% |\n"), Page("KEYWORD_SPOTTING.md"), StringComparison.Ordinal));
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", name));
}
