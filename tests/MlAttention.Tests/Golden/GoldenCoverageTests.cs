using System.Reflection;
using Xunit.Sdk;

namespace MlAttention.Tests.Golden;

/// <summary>Every case of every golden file of the layers is the name of a test.</summary>
public sealed class GoldenCoverageTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.json").Select(path => Path.GetFileName(path)).Except(["stats.json"]).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Cases_OfTheFile_AllHaveATestOfTheirName(string file) =>
        Assert.Equal(GoldenFile.Load(file).Cases.Select(goldenCase => goldenCase.Name).Order(), TestedCases(file).Distinct().Order());

    private static IEnumerable<string> TestedCases(string file) =>
        from type in typeof(GoldenCoverageTests).Assembly.GetTypes()
        from test in type.GetMethods()
        where test.GetCustomAttribute<GoldenCasesAttribute>()?.File == file
        from data in test.GetCustomAttributes<DataAttribute>()
        from arguments in data.GetData(test)
        select (string)arguments[0];
}
