using MlAttention.Core.Training;
using MlAttention.Core.Weights;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Training;

public class CheckpointTests
{
    private static readonly SequenceModelOptions Model = new() { ModelWidth = 8, Heads = 2 };
    private static readonly TrainingOptions Options = new() { Optimizer = new() { LearningRate = 0.05 }, Epochs = 4, BatchSize = 16, GradientAccumulation = 2, Patience = 0 };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(29)]
    [InlineData(40)]
    public void Resume_CancelledAnywhere_EndsWithTheUninterruptedWeights(int batchesBefore)
    {
        using var folder = new TemporaryFolder();
        var dataset = KeywordRows.Create(200);
        var whole = Trainer(Options).Train(dataset);
        using var source = new CancellationTokenSource();
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 1000 }, CancellationToken = source.Token };
        Assert.Throws<OperationCanceledException>(() => Trainer(options, batch => { if (batch == batchesBefore) source.Cancel(); }).Train(dataset));

        var resumed = Trainer(options with { ResumeFrom = folder.Path, CancellationToken = default }).Train(dataset);

        Assert.Equal(whole.Weights[0].Values, resumed.Weights[0].Values);
        Assert.Equal(whole.ChosenEpoch, resumed.ChosenEpoch);
        Assert.Equal(whole.History.Select(Figures), resumed.History.Select(Figures));
    }

    [Fact]
    public void Train_CheckpointsEverySteps_KeepsTheNewestAndTheLast()
    {
        using var folder = new TemporaryFolder();

        Trainer(Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 5, Keep = 2 } }).Train(KeywordRows.Create(200));

        Assert.Equal(["checkpoint-000000020.safetensors", "checkpoint-000000024.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Train_DirectoryOfAnotherRun_Refuses()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 5 } };
        Trainer(options).Train(KeywordRows.Create(200));

        var error = Assert.Throws<ArgumentException>(() => Trainer(options).Train(KeywordRows.Create(200)));

        Assert.Contains("already has checkpoints", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_EmptyDirectory_StartsFromTheBeginning()
    {
        using var folder = new TemporaryFolder();
        var lines = new List<string>();

        var trained = Trainer(Options with { ResumeFrom = folder.Path }, log: lines.Add).Train(KeywordRows.Create(50));

        Assert.Equal(4, trained.History.Count);
        Assert.Contains(lines, line => line.Contains("has no checkpoint yet", StringComparison.Ordinal));
    }

    [Fact]
    public void Resume_NoSuchPath_SaysSo() =>
        Assert.Throws<FileNotFoundException>(() => Trainer(Options with { ResumeFrom = "/nowhere/at/all" }).Train(KeywordRows.Create(50)));

    [Theory]
    [InlineData("training options", "of a run with Optimizer.LearningRate = 0.05; this one has Optimizer.LearningRate = 0.04,")]
    [InlineData("model options", "of a run with PositionDetails.ClipDistance = 16, Dropout = 0.1; this one has PositionDetails.ClipDistance = 2, Dropout = 0.3,")]
    [InlineData("data", "of a run on other data:")]
    public void Resume_OtherRun_NamesTheDifferenceAndNothingElse(string difference, string expected)
    {
        using var folder = new TemporaryFolder();
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 5 } };
        Trainer(options).Train(KeywordRows.Create(200));
        var resume = options with { ResumeFrom = folder.Path };

        var error = Assert.Throws<ArgumentException>(() => difference switch
        {
            "training options" => Trainer(resume with { Optimizer = new() { LearningRate = 0.04 } }).Train(KeywordRows.Create(200)),
            "model options" => Trainer(resume, model: Model with { Dropout = 0.3, PositionDetails = new() { ClipDistance = 2 } }).Train(KeywordRows.Create(200)),
            _ => Trainer(resume).Train(KeywordRows.Create(201)),
        });

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Epochs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_FinishedRun_GivesItsWeightsWithoutTraining()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySeconds = 3600 } };
        var finished = Trainer(options).Train(KeywordRows.Create(200));

        var again = Trainer(options with { ResumeFrom = folder.Path }, _ => Assert.Fail("trained again")).Train(KeywordRows.Create(200));

        Assert.Equal(finished.Weights[0].Values, again.Weights[0].Values);
        Assert.Equal(finished.History.Select(Figures), again.History.Select(Figures));
    }

    [Fact]
    public void Train_LastCheckpointCannotBeWritten_KeepsWhatWasTrainedAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        string checkpoints = Path.Combine(folder.Path, "checkpoints");
        var lines = new List<string>();
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = checkpoints, EverySeconds = 3600 } };

        var trained = Trainer(options, batch => { if (batch == 40) ReplaceByFile(checkpoints); }, lines.Add).Train(KeywordRows.Create(200));

        Assert.Equal(4, trained.History.Count);
        Assert.Contains(lines, line => line.StartsWith($"The finished state cannot be saved in {checkpoints}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Resume_NewestDamaged_TakesTheOneBeforeAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 5 } };
        var whole = Trainer(options).Train(KeywordRows.Create(200));
        var newest = Directory.GetFiles(folder.Path).Max()!;
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..100]);
        var lines = new List<string>();

        var resumed = Trainer(options with { ResumeFrom = folder.Path }, log: lines.Add).Train(KeywordRows.Create(200));

        Assert.Equal(whole.Weights[0].Values, resumed.Weights[0].Values);
        Assert.Contains(lines, line => line.StartsWith("Checkpoint passed over", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => CheckpointStore.Find(WriteGarbage(folder.Path), null));
    }

    [Fact]
    public void Train_NaNLoss_KeepsTheLastGoodCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var dataset = KeywordRows.Create(200);
        var whole = Trainer(Options).Train(dataset);
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 1 } };
        var broken = new SequenceTrainer(Model, options, SequenceEngines.Factory) { CreateEngine = configuration => new BagEngine(configuration) { LossOf = batch => batch == 9 ? double.NaN : null } };

        Assert.Equal(5, Assert.Throws<TrainingDivergedException>(() => broken.Train(dataset)).Step);
        Assert.Equal(4, CheckpointStore.Find(folder.Path, null)!.Value.Checkpoint.Position.Step);

        Assert.Equal(whole.Weights[0].Values, Trainer(options with { ResumeFrom = folder.Path }).Train(dataset).Weights[0].Values);
    }

    [Fact]
    public void InitialWeights_OfARun_AreThoseOfItsBestEpochFoundByName()
    {
        using var folder = new TemporaryFolder();
        var dataset = KeywordRows.Create(200);
        var real = Model with { Layers = 1, FeedForwardWidth = 8 };
        var names = new RowNames([.. Enumerable.Range(0, KeywordRows.Vocabulary).Select(key => $"word{key}")], ["a", "b", "c"]);
        var options = Options with { Epochs = 3, Optimizer = new() { LearningRate = 1, Schedule = LearningRateSchedule.Constant }, Compute = new() { Threads = 1 }, Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 1000 } };
        var trained = new SequenceTrainer(real, options, SequenceEngines.Factory) { Names = names }.Train(dataset);
        var lines = new List<string>();

        IReadOnlyList<WeightTensor> Start(string path, RowNames own, SequenceModelOptions? other = null) => new SequenceTrainer(other ?? real,
            Options with { Epochs = 1, InitialWeightsPath = path, Optimizer = new() { LearningRate = 1e-30 }, Compute = new() { Threads = 1 } }, SequenceEngines.Factory, lines.Add) { Names = own }.Train(dataset).Weights;
        string file = Directory.GetFiles(folder.Path).Single();
        var reversed = Start(folder.Path, names with { Labels = ["c", "b", "a"] });

        Assert.NotEqual(3, trained.ChosenEpoch);
        Assert.All(Start(file, names), weight => Assert.Equal(trained.Weights.Single(other => other.Name == weight.Name).Values, weight.Values));
        Assert.Equal(trained.Weights.Single(weight => weight.Name == "head.bias").Values.Reverse(), reversed.Single(weight => weight.Name == "head.bias").Values);
        Assert.Contains($"Initial weights: 17 of 17 from the best epoch, {trained.ChosenEpoch}, of {file}. 29 tokens taken over, 0 new, 0 dropped. 3 labels taken over, 0 new, 0 dropped.", lines);
        var error = Assert.Throws<ArgumentException>(() => Start(folder.Path, names, real with { Heads = 1, Dropout = 0.3 }));
        Assert.Equal($"InitialWeightsPath = {folder.Path}: the checkpoint is of a model with Heads = 2 instead of 1, whose weights do not fit this one.", error.Message);
    }

    [Fact]
    public void InitialWeights_DirectoryWithoutCheckpoints_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FileNotFoundException>(() => Trainer(Options with { InitialWeightsPath = folder.Path }).Train(KeywordRows.Create(50)));
        Assert.Contains("the directory has no checkpoint", error.Message, StringComparison.Ordinal);
    }

    private static void ReplaceByFile(string folder)
    {
        Directory.Delete(folder);
        File.WriteAllText(folder, "");
    }

    private static string WriteGarbage(string folder)
    {
        var path = Path.Combine(folder, "garbage");
        File.WriteAllText(path, "not a checkpoint");
        return path;
    }

    private static SequenceTrainer Trainer(TrainingOptions options, Action<int>? beforeBatch = null, Action<string>? log = null, SequenceModelOptions? model = null) =>
        new(model ?? Model, options, SequenceEngines.Factory, log) { CreateEngine = configuration => new BagEngine(configuration) { BeforeBatch = beforeBatch } };

    private static (int, int, double, double?, double?, bool) Figures(EpochMetrics epoch) =>
        (epoch.Epoch, epoch.Step, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.IsBest);
}
