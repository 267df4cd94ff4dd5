using MlAttention.Core.Sequences;
using MlAttention.Core.Training;
using MlAttention.Core.Weights;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Training;

/// <summary>Runs that begin with given weights, with frozen layers, and with rows that change from epoch to epoch.</summary>
public class PretrainedTrainingTests
{
    private static readonly SequenceModelOptions Model = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 12, MaxLength = 16 };
    private static readonly TrainingOptions Options = new() { Epochs = 3, BatchSize = 16, Patience = 0, Compute = new() { Threads = 1, Engine = EngineKind.Managed } };

    [Fact]
    public void Train_InitialWeights_BeginsWithThem()
    {
        var dataset = KeywordRows.Create(60);
        var given = new WeightTensor("encoder.layers.0.norm1.bias", [8], [1, 2, 3, 4, 5, 6, 7, 8]);
        var options = Options with { FrozenLayers = 1 };

        var trained = Trainer(options, [given]).Train(dataset);

        Assert.Equal(given.Values, trained.Weights.Single(weight => weight.Name == given.Name).Values);
        var seeds = WeightInitializer.Create(WeightLayout.Of(Model, KeywordRows.Vocabulary + 2, KeywordRows.Classes), 1).ToDictionary(weight => weight.Name);
        Assert.Equal(seeds["embedding.weight"].Values, trained.Weights.Single(weight => weight.Name == "embedding.weight").Values);
        Assert.NotEqual(seeds["head.weight"].Values, trained.Weights.Single(weight => weight.Name == "head.weight").Values);
    }

    [Fact]
    public void Train_InitialWeightsThatDoNotFit_NamesAll()
    {
        WeightTensor[] given = [new("embedding.weight", [3, 8], new float[24]), new("pooler.weight", [1], [1]), new("head.bias", [3], new float[3]), new("head.bias", [3], new float[3])];

        string message = Assert.Throws<ArgumentException>(() => Trainer(Options, given).Train(KeywordRows.Create(60))).Message;

        Assert.Equal("The initial weights do not fit the model: the model has no weight 'pooler.weight'; 'embedding.weight' must have shape [31,8], got [3,8]; 'head.bias' is given more than once.", message);
    }

    [Fact]
    public void Train_MoreFrozenLayersThanThereAre_SaysSo() =>
        Assert.Equal("FrozenLayers = 2: the encoder has 1 layers.", Assert.Throws<ArgumentException>(() => Trainer(Options with { FrozenLayers = 2 }).Train(KeywordRows.Create(60))).Message);

    [Theory]
    [InlineData(false, "of a run that began with other weights.")]
    [InlineData(true, "of a run that began with the seed's weights.")]
    public void Resume_OtherInitialWeights_Refuses(bool fromSeed, string expected)
    {
        using var folder = new TemporaryFolder();
        var dataset = KeywordRows.Create(60);
        WeightTensor[] one = [new("head.bias", [3], [1, 2, 3])], other = [new("head.bias", [3], [1, 2, 4])];
        var options = Options with { Checkpoints = new() { Directory = folder.Path, EverySteps = 1 } };
        Trainer(options, fromSeed ? [] : one).Train(dataset);
        var resume = options with { ResumeFrom = folder.Path };

        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Trainer(resume, other).Train(dataset)).Message, StringComparison.Ordinal);
        Trainer(resume, fromSeed ? [] : one).Train(dataset);
    }

    [Fact]
    public void RequireSame_CheckpointOfAVersionThatKnewLess_TakesItsDefaults()
    {
        var mine = RunIdentity.Of("Managed", Model, Options, []);
        var theirs = mine with
        {
            Model = Without(mine.Model, "\"ScaleEmbeddings\":true,", "\"EmbeddingNorm\":false,", "\"LearnedOffset\":0,"),
            Training = Without(mine.Training, "\"FrozenLayers\":0,", "\"LayerDecay\":1,"),
        };

        mine.RequireSame(theirs, "x");
        var scaled = RunIdentity.Of("Managed", Model with { ScaleEmbeddings = false }, Options, []);
        Assert.Contains("of a run with ScaleEmbeddings = true; this one has ScaleEmbeddings = false,", Assert.Throws<ArgumentException>(() => scaled.RequireSame(theirs, "x")).Message, StringComparison.Ordinal);

        static string Without(string json, params string[] parts)
        {
            foreach (string part in parts)
            {
                Assert.Contains(part, json, StringComparison.Ordinal);
                json = json.Replace(part, "", StringComparison.Ordinal);
            }
            return json;
        }
    }

    [Fact]
    public void Train_EpochData_ShowsEachEpochItsRows()
    {
        var dataset = KeywordRows.Create(60);
        var asked = new List<int>();
        BagEngine? engine = null;
        var trainer = new SequenceTrainer(Model, Options with { ValidationFraction = 0.2, RareTokenDropout = 0 }, SequenceEngines.Factory)
        {
            EpochData = epoch => { asked.Add(epoch); return Reversed(dataset, epoch); },
            CreateEngine = configuration => engine = new BagEngine(configuration),
        };
        var trained = trainer.Train(dataset);

        Assert.Equal([0, 1, 2], asked);
        Assert.Equal(48, trained.TrainingRows);
        int perEpoch = engine!.Trained.Count / 3;
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var seen = engine.Trained.Skip(epoch * perEpoch).Take(perEpoch).SelectMany(RowsOf).Order().ToArray();
            var all = RowsOf(Reversed(dataset, epoch)).ToHashSet();
            Assert.Equal(48, seen.Length);
            Assert.All(seen, row => Assert.Contains(row, all));
        }
        Assert.NotEqual(engine.Trained.Take(perEpoch).SelectMany(RowsOf).Order(), engine.Trained.Skip(perEpoch).Take(perEpoch).SelectMany(RowsOf).Order());
    }

    [Fact]
    public void Resume_EpochData_EndsWithTheUninterruptedWeights()
    {
        using var folder = new TemporaryFolder();
        var dataset = KeywordRows.Create(60);
        float[] whole = Run(Options);
        using var source = new CancellationTokenSource();
        var options = Options with { Checkpoints = new() { Directory = folder.Path, EverySteps = 1000 }, CancellationToken = source.Token };
        Assert.Throws<OperationCanceledException>(() => Run(options, batch => { if (batch == 6) source.Cancel(); }));

        Assert.Equal(whole, Run(options with { CancellationToken = default, ResumeFrom = folder.Path }));

        float[] Run(TrainingOptions how, Action<int>? beforeBatch = null) => new SequenceTrainer(Model, how, SequenceEngines.Factory)
        {
            EpochData = epoch => Reversed(dataset, epoch),
            CreateEngine = configuration => new BagEngine(configuration) { BeforeBatch = beforeBatch },
        }.Train(dataset).Weights[0].Values;
    }

    [Fact]
    public void Train_EpochDataWithOtherLabels_Refuses()
    {
        var trainer = new SequenceTrainer(Model, Options, SequenceEngines.Factory) { EpochData = _ => KeywordRows.Create(60, seed: 2) };
        Assert.StartsWith("The rows of epoch 0 must have the labels", Assert.Throws<InvalidOperationException>(() => trainer.Train(KeywordRows.Create(60))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FineTuning_Defaults_AreValidAndUnlikeThoseFromNothing()
    {
        TrainingOptions.FineTuning.Validate();
        Assert.True(TrainingOptions.FineTuning.Optimizer.HeadRate > 1);
        Assert.True(TrainingOptions.FineTuning.Optimizer.LearningRate < new TrainingOptions().Optimizer.LearningRate);
        Assert.Equal(0, TrainingOptions.FineTuning.RareTokenDropout);
    }

    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(500, 1, 8)]
    [InlineData(2000, 1, 8)]
    [InlineData(2700, 1, 6)]
    [InlineData(4000, 1, 4)]
    [InlineData(4000, 2, 8)]
    [InlineData(10_003, 1, 4)]
    [InlineData(1_000_000, 1, 4)]
    public void FineTuning_Rows_SettleTheEpochs(int rows, int accumulation, int epochs)
    {
        var options = TrainingOptions.FineTuning with { GradientAccumulation = accumulation };
        Assert.Equal(epochs, options.Settle(rows).Epochs);
        Assert.Equal(2, (options with { Epochs = 2 }).Settle(rows).Epochs);
    }

    [Fact]
    public void Train_WithoutEpochs_TrainsAsWithThoseThatTheRowsNeed()
    {
        var dataset = KeywordRows.Create(60);
        var settled = Trainer(Options with { Epochs = null }).Train(dataset);
        var given = Trainer(Options with { Epochs = 8 }).Train(dataset);

        Assert.Equal(8, settled.History.Count);
        Assert.Equal(given.Weights.Select(weight => weight.Values), settled.Weights.Select(weight => weight.Values));
    }

    private static SequenceTrainer Trainer(TrainingOptions options, IReadOnlyList<WeightTensor>? given = null) => new(Model, options, SequenceEngines.Factory) { InitialWeights = given ?? [] };

    /// <summary>The dataset with each row's tokens moved on by the epoch's number.</summary>
    private static TokenDataset Reversed(TokenDataset dataset, int epoch)
    {
        int[] tokens = new int[dataset.Offsets[^1]];
        for (int row = 0; row < dataset.Count; row++)
            for (int i = 0; i < dataset.Length(row); i++) tokens[dataset.Offsets[row] + i] = 1 + (dataset.Row(row)[i] + epoch) % KeywordRows.Vocabulary;
        return new TokenDataset(dataset.VocabularySize, dataset.ClassCount, tokens, dataset.Offsets, dataset.Labels, []);
    }

    private static IEnumerable<string> RowsOf(TokenBatch batch) => Enumerable.Range(0, batch.Rows).Select(row => string.Join(' ', batch.Tokens.Skip(row * batch.Length).Take(batch.Lengths[row])));

    private static IEnumerable<string> RowsOf(TokenDataset dataset) => Enumerable.Range(0, dataset.Count).Select(row => string.Join(' ', dataset.Row(row).ToArray()));
}
