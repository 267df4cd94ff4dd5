using MlAttention.Core.Sequences;
using MlAttention.Core.Training;
using MlAttention.Core.Weights;
using MlAttention.Tests.Cli;

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
        var start = Train(dataset, new() { Compute = new() { Engine = engine }, Epochs = 1, Optimizer = new() { LearningRate = 1e-30 } });
        var pretrained = start.Single(weight => weight.Name == Embedding) with { Values = [.. start.Single(weight => weight.Name == Embedding).Values.Select((_, i) => i % 7 - 3f)] };
        string path = Write(pretrained);

        var frozen = Train(dataset, new() { Compute = new() { Engine = engine }, Epochs = 2, InitialWeightsPath = path, FreezeEmbeddings = true });
        var trained = Train(dataset, new() { Compute = new() { Engine = engine }, Epochs = 2, InitialWeightsPath = path });

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

    [Fact]
    public void Train_FileWithoutNames_IsTakenByPlaceAndTheLogSaysSo()
    {
        var dataset = KeywordRows.Create(64, seed: 1);
        string path = Write([.. Train(dataset, new() { Epochs = 1 }).Where(weight => weight.Name is Embedding or "head.bias")]);
        var log = new List<string>();

        new SequenceTrainer(s_model, new() { Epochs = 1, InitialWeightsPath = path }, SequenceEngines.Factory, log.Add) { Names = new RowNames([.. Enumerable.Range(0, dataset.VocabularySize).Select(key => $"{key}")], null) }.Train(dataset);

        string line = Assert.Single(log, line => line.StartsWith("Initial weights: ", StringComparison.Ordinal));
        Assert.StartsWith($"Initial weights: 2 of 17 from {path}, the others from the seed.", line, StringComparison.Ordinal);
        Assert.Contains("embedding.weight: rows taken by their places, since the file does not say which tokens they stand for.", line, StringComparison.Ordinal);
        Assert.Contains("head.bias: rows taken by their places, since the data does not say which labels they stand for.", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["a"]""", "'embedding.weight' has 5 rows; its vocabulary of 1 tokens needs 3")]
    [InlineData("""["a",null,"c"]""", "the metadata's 'mlattention.vocabulary' must be a list of texts")]
    [InlineData("""{"a":1}""", "the metadata's 'mlattention.vocabulary' must be a list of texts")]
    public void From_DamagedNames_SaysWhich(string vocabulary, string expected)
    {
        string path = _folder.File("damaged.safetensors");
        SafetensorsFile.Write(path, [new(Embedding, [5, 2], new float[10])], new Dictionary<string, string> { [RowNames.VocabularyKey] = vocabulary });

        var error = Assert.Throws<InvalidDataException>(() => From(path, [new(Embedding, [5, 2], WeightInit.Zero) { Rows = RowKind.Tokens }], new RowNames(["a", "b", "c"], null), null));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Rows padding, a, b, unknown, CLS of the file for rows padding, b, new, unknown of the model.</summary>
    [Fact]
    public void From_OtherVocabulary_MovesEachRowToItsToken()
    {
        string path = _folder.File("named.safetensors");
        SafetensorsFile.Write(path, [new(Embedding, [5, 2], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])], new RowNames(["a", "b"], null).ToMetadata());
        var log = new List<string>();

        var weights = From(path, [new(Embedding, [4, 2], new(WeightRule.Constant, 9)) { Rows = RowKind.Tokens }, new("head.bias", [1], WeightInit.Zero) { Rows = RowKind.Labels }], new RowNames(["b", "new"], ["label"]), log.Add);

        Assert.Equal([0, 0, 2, 2, 9, 9, 3, 3], Assert.Single(weights).Values);
        Assert.Equal($"Initial weights: 1 of 2 from {path}, the others from the seed. 1 tokens taken over, 1 new, 1 dropped.", Assert.Single(log));
    }

    /// <summary>The bias of a tied head has a row for each token, without the embedding's special ones.</summary>
    [Fact]
    public void From_OtherVocabularyWithATiedHead_MovesItsBiasWithTheTokens()
    {
        var model = new SequenceModelOptions { ModelWidth = 2, Heads = 1, Layers = 1, FeedForwardWidth = 1, Task = TaskKind.MaskedTokens, Head = HeadKind.Tied };
        string path = _folder.File("tied.safetensors");
        SafetensorsFile.Write(path, [new(Embedding, [5, 2], [0, 0, 1, 1, 2, 2, 3, 3, 9, 9]), new("head.bias", [3], [0.1f, 0.2f, 0.3f])], new RowNames(["a", "b", "c"], null).ToMetadata());
        var log = new List<string>();

        var weights = From(path, [.. WeightLayout.Of(model, embeddingRows: 4, classes: 2)], new RowNames(["c", "new"], null), log.Add);

        Assert.Equal([0.3f, 0], weights.Single(weight => weight.Name == "head.bias").Values);
        Assert.Equal([3, 3], weights.Single(weight => weight.Name == Embedding).Values[2..4]);
        Assert.EndsWith("1 tokens taken over, 1 new, 2 dropped.", Assert.Single(log), StringComparison.Ordinal);
        SafetensorsFile.Write(path, [new("head.bias", [2], [0.1f, 0.2f])], new RowNames(["a", "b", "c"], null).ToMetadata());
        Assert.Contains("'head.bias' has 2 rows, and the tokens are 3", Assert.Throws<InvalidDataException>(() => From(path, [.. WeightLayout.Of(model, 4, 2)], new RowNames(["c", "new"], null), null)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<WeightTensor> From(string path, WeightShape[] layout, RowNames names, Action<string>? log) =>
        InitialWeights.From(StartingWeights.OfFile(path, layout), layout, seed: 1, names, log);

    private string Write(params WeightTensor[] weights)
    {
        string path = _folder.File("weights.safetensors");
        SafetensorsFile.Write(path, weights);
        return path;
    }

    private static IReadOnlyList<WeightTensor> Train(TokenDataset dataset, TrainingOptions options) =>
        new SequenceTrainer(s_model, options with { Compute = options.Compute with { Threads = 1 }, Seed = 1, RestoreBest = false }, SequenceEngines.Factory).Train(dataset).Weights;
}
