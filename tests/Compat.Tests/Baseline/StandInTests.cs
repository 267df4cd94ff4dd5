using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using TorchSharp;

namespace MlAttention.Compat.Tests.Baseline;

public class StandInTests
{
    [Theory]
    [InlineData(typeof(MLContext), "mlnet")]
    [InlineData(typeof(torch), "torchsharp")]
    public void Surface_OfTheStandIn_IsPartOfTheOfficialOne(Type anchor, string name)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        Assembly standIn = anchor.Assembly;
        Assert.StartsWith("MlAttention.Compat.", standIn.GetName().Name, StringComparison.Ordinal);

        IReadOnlyList<string> differences = ApiComparer.Differences(ApiPrinter.Print(standIn), Official(name));

        Assert.True(differences.Count == 0, $"{standIn.GetName().Name} differs from the official API:\n{string.Join('\n', differences)}");
    }

    [Theory]
    [InlineData("mlnet", 140, 600)]
    [InlineData("torchsharp", 60, 1500)]
    public void Listings_AreReadWhole(string name, int leastTypes, int leastMembers)
    {
        Dictionary<string, ApiType> types = Official(name);

        Assert.InRange(types.Count, leastTypes, int.MaxValue);
        Assert.InRange(types.Values.Sum(t => t.Members.Count), leastMembers, int.MaxValue);
    }

    [Theory]
    [InlineData("mlnet", "dotnet/machinelearning")]
    [InlineData("torchsharp", "dotnet/TorchSharp")]
    public void Additions_NameTheSourceOfEveryBlock(string name, string repository)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder(), name + ".additions.txt"));
        string[] declarations = lines.Where(l => l.StartsWith("public ", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(declarations);
        Assert.All(declarations, declaration =>
        {
            string source = lines[Array.IndexOf(lines, declaration) - 2];
            Assert.Matches($"^// src/.+\\.cs.*, {repository} v", source);
        });
    }

    private static Dictionary<string, ApiType> Official(string name) =>
        ApiListing.Read([
            File.ReadAllText(Path.Combine(Folder(), name + ".txt")),
            File.ReadAllText(Path.Combine(Folder(), name + ".additions.txt")),
        ]);

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
