using System.Reflection;
using Microsoft.ML;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

public class OneUsingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void UsingMicrosoftML_Alone_FindsEveryMethod()
    {
        using var folder = new TemporaryFolder();

        Assert.NotNull(OneUsing.Consumer.Use(_ml, Sample("reviews.csv"), folder.File(".")));
        Assert.NotNull(OneUsing.Consumer.Estimators(_ml));
        OneUsing.Consumer.Pretrained(_ml, TinyEncoder.Shared, Sample("reviews.csv"), folder.File("fine-tuned"));
        Assert.True(File.Exists(Path.Combine(folder.File("fine-tuned"), "config.json")));
        Assert.StartsWith("the", OneUsing.Consumer.Write(_ml, Sample("reviews.csv")), StringComparison.Ordinal);
        File.WriteAllLines(folder.File("words.conll"), Enumerable.Repeat(new[] { "Ada B-person", "met O", "Bob B-person", "" }, 4).SelectMany(lines => lines));
        Assert.InRange(OneUsing.Consumer.Words(_ml, folder.File("words.conll")), 0, 1);
    }

    /// <summary>A method that is added later has to be added to the consumer too.</summary>
    [Fact]
    public void Consumer_CallsEveryMethodOfTheCatalog()
    {
        var source = File.ReadAllText(Path.Combine(Datasets.RepositoryFiles.Root, "tests", "MlAttention.Tests", "Samples", "OneUsing.cs"));

        Assert.Equal(1, source.Split('\n').Count(line => line.StartsWith("using ", StringComparison.Ordinal)));
        var methods = typeof(AttentionCatalog).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name).Distinct();
        foreach (var method in methods) Assert.Contains($"{method}(", source, StringComparison.Ordinal);
    }
}
