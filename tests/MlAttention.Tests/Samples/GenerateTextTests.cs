using MlAttention.Examples.GenerateText;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Samples;

/// <summary>The example, after two epochs: nearer to the grammar's perplexity than to the vocabulary's, and sentences that end as sentences do.</summary>
public class GenerateTextTests
{
    [Fact]
    public void Experiment_TwoEpochs_LearnsAndCounts()
    {
        var lines = new List<string>();
        var experiment = Experiment.Train(Path.Combine(RepositoryFiles.Root, "datasets", "word_order.csv"), epochs: 2, lines.Add);

        var (model, grammar) = experiment.Perplexity();
        Assert.Equal(2, lines.Count);
        Assert.InRange(grammar, 2, 4);
        Assert.InRange(model, grammar, 3 * grammar);
        var written = experiment.Write(40, new GenerationOptions { Temperature = 0.5 });
        Assert.InRange(written.Sentences.Count(text => text.EndsWith('.') && char.IsUpper(text[0])), 36, 40);
        Assert.InRange(written.Grammatical, written.Different, 40);
        Assert.InRange(written.New, 0, written.Different);
    }
}
