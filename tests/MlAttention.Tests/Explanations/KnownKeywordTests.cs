using MlAttention.Core.Engines;
using MlAttention.Core.Explanations;
using MlAttention.Core.Managed;
using MlAttention.Core.Training;
using MlAttention.Tests.Training;

namespace MlAttention.Tests.Explanations;

/// <summary>
/// Explanations of a trained model against what is known: the label is told by one keyword, whose keys are 1 to 3. The benchmark
/// deciding-words asks the same of word_order.csv.
/// </summary>
public class KnownKeywordTests
{
    private static readonly SequenceModelOptions s_model = new() { ModelWidth = 16, Heads = 2, Layers = 1, FeedForwardWidth = 16, MaxLength = 16, Dropout = 0 };

    [Theory]
    [InlineData(ExplanationMethod.IntegratedGradients, LeftOutToken.Replaced)]
    [InlineData(ExplanationMethod.LeaveOneOut, LeftOutToken.Replaced)]
    [InlineData(ExplanationMethod.LeaveOneOut, LeftOutToken.Removed)]
    public void Contributions_TrainedModel_PutTheKeywordFirst(ExplanationMethod method, LeftOutToken leftOut)
    {
        var training = new TrainingOptions { Epochs = 10, Seed = 1, Optimizer = new() { LearningRate = 0.01 }, Compute = new() { Threads = 1 } };
        var trained = new SequenceTrainer(s_model, training, new EngineFactory(new ManagedEngineProvider())).Train(KeywordRows.Create(400), null);
        var configuration = new EngineConfiguration(s_model, trained.EmbeddingRows, KeywordRows.Classes);
        var scorer = new ManagedEngineProvider().CreateScorer(configuration, trained.Weights);
        var explainer = new TokenExplainer(scorer, configuration, null, new() { LeftOut = leftOut });
        var texts = KeywordRows.Create(60, seed: 5);

        int found = Enumerable.Range(0, texts.Count).Count(row =>
        {
            int[] sequence = texts.Row(row).ToArray();
            float[] contributions = explainer.Contributions(method, sequence, texts.Labels[row]);
            return sequence[Array.IndexOf(contributions, contributions.Max())] == texts.Labels[row] + 1;
        });

        Assert.InRange(found, 57, 60);
    }
}
