using MlAttention.Core.Sequences;
using MlAttention.Core.Training;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Training;

/// <summary>Every task is learned, validated by its own measure, and continued from a checkpoint to the bit.</summary>
public class TaskTrainingTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 12, BatchSize = 16, Compute = new() { Threads = 1 }, Optimizer = new() { LearningRate = 5e-3 } };

    public static TheoryData<TaskKind> Tasks => [.. Enum.GetValues<TaskKind>()];

    /// <summary>Next tokens and masked ones that follow from those before them: nearly none is left uncertain, and the weights are those of the least perplexity.</summary>
    [Theory]
    [InlineData(TaskKind.MaskedTokens)]
    [InlineData(TaskKind.NextToken)]
    public void Train_TokensThatFollow_ArePredicted(TaskKind task)
    {
        var lines = new List<string>();
        var trained = Train(task, Options with { Epochs = 20, LabelSmoothing = 0, RareTokenDropout = 0 }, TaskRows.Create(task, 500), lines);
        var best = trained.History[trained.ChosenEpoch - 1];
        Assert.True(trained.History[0].ValidationPerplexity > 2 && best.ValidationPerplexity < 1.3, $"{task}: {trained.History[0].ValidationPerplexity}, {best.ValidationPerplexity}");
        Assert.Equal(trained.History.Min(epoch => epoch.ValidationPerplexity), best.ValidationPerplexity);
        Assert.Equal(Math.Exp(best.ValidationLoss!.Value), best.ValidationPerplexity!.Value, 9);
        Assert.True(best.ValidationAccuracy > 0.9 && best.ValidationMacroF1 is null);
        Assert.Contains(lines, line => line.Contains(", perplexity ", StringComparison.Ordinal));
        Assert.Contains("Validation: 50 of 500 rows are held out, at random.", lines);
        Assert.DoesNotContain(lines, line => line.Contains("classes", StringComparison.Ordinal));
    }

    /// <summary>Which tokens are masked may differ each epoch; how many rows there are may not.</summary>
    [Fact]
    public void Train_OtherMasksEachEpoch_AreTrainedOn()
    {
        TokenDataset[] masks = [TaskRows.Create(TaskKind.MaskedTokens, 60), TaskRows.Create(TaskKind.MaskedTokens, 60, seed: 2), TaskRows.Create(TaskKind.MaskedTokens, 59)];
        var model = Model(TaskKind.MaskedTokens);
        TrainedSequenceModel Of(int second) => new SequenceTrainer(model, Options with { Epochs = 2, RestoreBest = false }, SequenceEngines.Factory) { EpochData = epoch => masks[epoch * second] }.Train(masks[0]);

        Assert.NotEqual(Of(0).Weights[0].Values, Of(1).Weights[0].Values);
        Assert.Throws<InvalidOperationException>(() => Of(2));
    }

    [Fact]
    public void Train_ClassesThatAreNotTheVocabulary_AreRefused() =>
        Assert.Contains("MaskedTokens needs a label for each token, of the vocabulary's 19 tokens; the rows have 3 classes.",
            Assert.Throws<ArgumentException>(() => Train(TaskKind.MaskedTokens, Options, TaskRows.Create(TaskKind.TokenLabels, 20), [])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(TaskKind.MultiLabel, EngineKind.Managed)]
    [InlineData(TaskKind.TokenLabels, EngineKind.Managed)]
    [InlineData(TaskKind.Regression, EngineKind.Managed)]
    [InlineData(TaskKind.MultiLabel, EngineKind.TorchSharp)]
    [InlineData(TaskKind.TokenLabels, EngineKind.TorchSharp)]
    [InlineData(TaskKind.Regression, EngineKind.TorchSharp)]
    public void Train_SomethingToLearn_LearnsItByTheTasksMeasure(TaskKind task, EngineKind engine)
    {
        var lines = new List<string>();
        var trained = Train(task, Options with { Epochs = 20, Compute = new() { Engine = engine, Threads = 1 } }, TaskRows.Create(task, 500), lines);

        var (first, best) = (trained.History[0], trained.History[trained.ChosenEpoch - 1]);
        Assert.True(best.ValidationScore > 0.9, $"{task}: {best.ValidationScore}");
        Assert.True(best.IsBest && best.ValidationScore >= first.ValidationScore);
        Assert.Equal(best.ValidationScore, task switch { TaskKind.MultiLabel => best.ValidationMicroF1, TaskKind.TokenLabels => best.ValidationEntityF1, _ => best.ValidationRSquared });
        Assert.Contains(lines, line => line.Contains(task switch { TaskKind.MultiLabel => ", micro-F1 ", TaskKind.TokenLabels => ", entity F1 ", _ => ", R² " }, StringComparison.Ordinal));
        Assert.Equal(task == TaskKind.Regression, best.ValidationAccuracy is null);
    }

    /// <summary>The trained head gives the numbers themselves, not those of the training's scale, and R² is the same for both.</summary>
    [Fact]
    public void Train_NumbersFarFromZero_ScoresInTheirUnit()
    {
        var rows = TaskRows.Create(TaskKind.Regression, 500);
        var trained = Train(TaskKind.Regression, Options, rows, []);
        var scorer = SequenceEngines.Factory.CreateScorer(new(trained.Model, trained.EmbeddingRows, 1), trained.Weights);
        double squares = 0, mean = rows.Targets.Numbers.Average(), total = rows.Targets.Numbers.Sum(number => (number - mean) * (number - mean));
        DatasetScorer.Score(scorer.Score, rows, trained.Model, (row, logits) => squares += Math.Pow(logits[0] - rows.Targets.Numbers[row], 2));
        Assert.InRange(1 - squares / total, 0.95, 1);
    }

    [Fact]
    public void NumberScale_ThereAndBack_IsTheSameModel()
    {
        var dataset = TaskRows.Create(TaskKind.Regression, 50);
        var scale = NumberScale.Of(dataset)!;
        var scaled = scale.Apply(dataset).Targets.Numbers;
        Assert.Equal(0, scaled.Average(), 4);
        Assert.Equal(1, scaled.Average(number => number * number), 4);

        WeightTensor[] weights = [new("head.weight", [1, 2], [0.5f, -2]), new("head.bias", [1], [0.25f]), new("embedding.weight", [1, 2], [3, 4])];
        var numbers = scale.ToNumbers(weights);
        Assert.Equal(0.25 * scale.Deviation + scale.Mean, numbers[1].Values[0], 1e-3);
        Assert.Equal(weights[2].Values, numbers[2].Values);
        var back = scale.FromNumbers(numbers);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < weights[i].Values.Length; j++) Assert.Equal(weights[i].Values[j], back[i].Values[j], 1e-4f);
        Assert.Equal(1, NumberScale.Of(dataset.With(Targets.OfNumbers(new float[50])))!.Deviation);
        Assert.Null(NumberScale.Of(TaskRows.Create(TaskKind.MultiLabel, 5)));
    }

    /// <summary>A run that goes on from what a file gives begins with that model, whatever the scale of its own numbers.</summary>
    [Fact]
    public void Train_InitialWeightsOfARegression_BeginWithItsNumbers()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            var trained = Train(TaskKind.Regression, Options, TaskRows.Create(TaskKind.Regression, 500), []);
            SafetensorsFile.Write(path, trained.Weights);
            var other = TaskRows.Create(TaskKind.Regression, 100, seed: 8);
            var still = Options with { Epochs = 1, InitialWeightsPath = path, Optimizer = new() { Kind = OptimizerKind.Sgd, LearningRate = 1e-12, WeightDecay = 0 } };
            Assert.True(Train(TaskKind.Regression, still, other, []).History[0].ValidationRSquared > 0.9);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory, MemberData(nameof(Tasks))]
    public void Train_ResumedFromACheckpoint_GivesTheBitsOfTheWholeRun(TaskKind task)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"tasks-{Guid.NewGuid():N}");
        try
        {
            var options = Options with { Epochs = 3 };
            var rows = TaskRows.Create(task, 120);
            var whole = Train(task, options, rows, []);
            using var stop = new CancellationTokenSource();
            var stopping = options with { Checkpoints = new() { Directory = folder, EverySteps = 2, OnCancel = false }, CancellationToken = stop.Token, Progress = new StopAfterEpoch(stop) };
            Assert.ThrowsAny<OperationCanceledException>(() => Train(task, stopping, rows, []));

            var resumed = Train(task, options with { ResumeFrom = folder }, rows, []);
            Assert.Equal(whole.Weights.SelectMany(weight => weight.Values), resumed.Weights.SelectMany(weight => weight.Values));
            Assert.Equal(whole.History.Select(epoch => epoch.ValidationScore), resumed.History.Select(epoch => epoch.ValidationScore));

            var others = TaskRows.Create(task, 120, seed: 2);
            Assert.Contains("on other data", Assert.Throws<ArgumentException>(() => Train(task, options with { ResumeFrom = folder }, others, [])).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Train_OptionsThatATaskHasNoPlaceFor_AreRefused()
    {
        Refused(TaskKind.MultiLabel, Options with { BalanceClasses = true }, "BalanceClasses = True goes with one label for each row, not with MultiLabel");
        Refused(TaskKind.TokenLabels, Options with { ClassWeights = [1, 2, 3] }, "ClassWeights = 3 weights go with one label for each row, not with TokenLabels");
        Refused(TaskKind.Regression, Options with { LabelSmoothing = 0.2 }, "LabelSmoothing = 0.2 has no labels to smooth");
        Train(TaskKind.Regression, Options with { Epochs = 1, LabelSmoothing = 0 }, TaskRows.Create(TaskKind.Regression, 20), []);

        static void Refused(TaskKind task, TrainingOptions options, string part) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => Train(task, options, TaskRows.Create(task, 20), [])).Message.Replace("': ", " ").Replace(": ", " "), StringComparison.Ordinal);
    }

    private static TrainedSequenceModel Train(TaskKind task, TrainingOptions options, TokenDataset rows, List<string> lines)
    {
        return new SequenceTrainer(Model(task), options, SequenceEngines.Factory, lines.Add) { Names = new RowNames(null, task == TaskKind.TokenLabels ? ["O", "B-X", "I-X"] : null) }.Train(rows);
    }

    private static SequenceModelOptions Model(TaskKind task) => new()
    {
        ModelWidth = 24, Heads = 2, Layers = 1, FeedForwardWidth = 32, Task = task, Dropout = 0,
        Head = task.PredictsTokens ? HeadKind.Tied : HeadKind.Linear, Mask = task == TaskKind.NextToken ? MaskKind.Causal : MaskKind.Bidirectional,
    };

    private sealed class StopAfterEpoch(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.CompletedEpoch is not null) stop.Cancel();
        }
    }
}
