using MlAttention.Data;
using MlAttention.Encoders;
using MlAttention.Engines;
using MlAttention.Tests.Cli;
using MlAttention.Training;
using MlAttention.Weights;

namespace MlAttention.Tests.Training;

/// <summary>Training from a file's weights, and with embeddings that stay as they are.</summary>
public sealed class InitialWeightsTests : IDisposable
{
    private const string Embedding = "embedding.weight";

    private static readonly SequenceModelOptions s_model = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 8, MaxLength = 16 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void Train_FrozenPretrainedEmbeddings_ChangesEverythingElse(EngineKind engine)
    {
        var dataset = KeywordRows.Create(64, seed: 1);
        var start = Train(dataset, new() { Engine = engine, Epochs = 1, LearningRate = 1e-30 });
        var pretrained = start.Single(weight => weight.Name == Embedding) with { Values = [.. start.Single(weight => weight.Name == Embedding).Values.Select((_, i) => i % 7 - 3f)] };
        string path = Write(pretrained);

        var frozen = Train(dataset, new() { Engine = engine, Epochs = 2, InitialWeightsPath = path, FreezeEmbeddings = true });
        var trained = Train(dataset, new() { Engine = engine, Epochs = 2, InitialWeightsPath = path });

        Assert.Equal(pretrained.Values, frozen.Single(weight => weight.Name == Embedding).Values);
        Assert.NotEqual(pretrained.Values, trained.Single(weight => weight.Name == Embedding).Values);
        foreach (var weight in frozen.Where(weight => weight.Name != Embedding))
            Assert.NotEqual(start.Single(other => other.Name == weight.Name).Values, weight.Values);
    }

    [Fact]
    public void Train_WeightsOfAnotherModel_NamesWhatDiffers()
    {
        var dataset = KeywordRows.Create(64, seed: 1);
        string Message(params WeightTensor[] weights) => Assert.Throws<InvalidDataException>(() => Train(dataset, new() { Epochs = 1, InitialWeightsPath = Write(weights) })).Message;

        Assert.Contains("the model has no weight 'embedding'; it has 'embedding.weight'", Message(new WeightTensor("embedding", [1], [0])), StringComparison.Ordinal);
        Assert.Contains("weight 'embedding.weight' has shape [2,8]; [", Message(new WeightTensor(Embedding, [2, 8], new float[16])), StringComparison.Ordinal);
        Assert.Contains("has no weights", Message(), StringComparison.Ordinal);
    }

    private string Write(params WeightTensor[] weights)
    {
        string path = _folder.File("weights.safetensors");
        SafetensorsFile.Write(path, weights);
        return path;
    }

    private static IReadOnlyList<WeightTensor> Train(TokenDataset dataset, TrainingOptions options) =>
        new SequenceTrainer(s_model, options with { Threads = 1, Seed = 1, RestoreBest = false }).Train(dataset).Weights;
}
