using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Ablation.Runs;

public class SequenceAblationTrainerTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static readonly AblationPlan s_plan = FakeAblation.Plan with
    {
        Positions = [PositionScheme.Sinusoidal], Epochs = 3, Model = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 8 },
    };

    [Fact]
    public void Train_Run_IsWhatAUsersPipelineGives()
    {
        var data = FakeAblation.Data;
        var run = new SequenceAblationTrainer(_ml, s_plan, data).Train(s_plan.Setups()[0], seed: 3, _ => { }, default);

        var (trainingRows, devRows) = RowSplit.Grouped(data.Training.Groups, s_plan.DevFraction, seed: 3);
        var classifier = _ml.Attention().Classifier(new AttentionClassifierOptions(s_plan.Model with { Positions = PositionScheme.Sinusoidal })
        {
            Training = new() { Epochs = 3, Patience = s_plan.Patience, BatchSize = s_plan.BatchSize, Optimizer = new() { LearningRate = s_plan.LearningRate, WeightDecay = 0.01 }, LabelSmoothing = 0, RareTokenDropout = 0, Seed = 3 },
        }).Fit(View(data.Training.Select(trainingRows)), View(data.Training.Select(devRows)));
        var scored = classifier.Transform(View(data.Test));
        var metrics = _ml.MulticlassClassification.Evaluate(scored);

        Assert.Equal(scored.GetColumn<uint>("PredictedLabel").Select(key => (int)key - 1), run.Predictions);
        Assert.Equal(metrics.MicroAccuracy, run.Predictions.Zip(data.Test.Labels).Count(pair => pair.First == pair.Second) / (double)data.Test.Count, 12);
        Assert.Equal(metrics.LogLoss, run.LogLoss, 12);
        var probabilities = scored.GetColumn<float[]>("Score").ToArray();
        Assert.All(probabilities, (ofRow, row) => Assert.Equal(ofRow[data.Test.Labels[row]], LabelProbabilities.At(run.LabelProbabilities!, row), 0.5 / ushort.MaxValue + 1e-6));
        Assert.Equal(classifier.Model.History.Select(epoch => epoch.TrainingLoss), run.Epochs.Select(epoch => epoch.TrainingLoss));
    }

    // To texts of one token, these schemes add nothing: only another split, order, initial weight or dropout mask could tell them apart.
    [Theory]
    [InlineData(PositionScheme.Rotary)]
    [InlineData(PositionScheme.Alibi)]
    [InlineData(PositionScheme.RelativeBias)]
    public void Train_VariantsOfASeed_ShareSplitOrderAndInitialWeights(PositionScheme scheme)
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 5, classCount: 3, maxTokens: 4, TruncationSide.KeepStart);
        for (int row = 0; row < 60; row++) builder.Add([1 + row % 5], row % 3);
        var data = FakeAblation.Data with { Training = builder.Build(), Test = builder.Build() };
        AblationRun Run(PositionScheme positions, int seed) => new SequenceAblationTrainer(_ml, s_plan, data)
            .Train(s_plan.Setups()[0] with { Positions = positions }, seed, _ => { }, default);

        var none = Run(PositionScheme.None, seed: 1);

        Assert.Equal(none.Epochs, Run(scheme, seed: 1).Epochs);
        Assert.NotEqual(none.Epochs, Run(scheme, seed: 2).Epochs);
    }

    [Fact]
    public void Train_TextsCutInReading_AreCounted()
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 5, classCount: 3, maxTokens: 4, TruncationSide.KeepStart);
        for (int row = 0; row < 60; row++) builder.Add([.. Enumerable.Range(0, row < 7 ? 9 : 3).Select(i => 1 + (row + i) % 5)], row % 3);
        var data = FakeAblation.Data with { Training = builder.Build() };

        var run = new SequenceAblationTrainer(_ml, s_plan, data).Train(s_plan.Setups()[0], seed: 1, _ => { }, default);

        Assert.Equal(7, run.TruncatedTexts);
    }

    [Fact]
    public void TokenTable_UnknownTokens_AreMissingKeys()
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 5, classCount: 3, maxTokens: 4, TruncationSide.KeepStart);
        builder.Add([2, 0, 5], 2);
        builder.Add([], 0);

        var view = View(builder.Build());

        Assert.Equal([[2u, 0u, 5u], []], view.GetColumn<uint[]>("Tokens"));
        Assert.Equal([3u, 1u], view.GetColumn<uint>("Label"));
        Assert.Equal(new VectorDataViewType(new KeyDataViewType(typeof(uint), 5)), view.Schema["Tokens"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Label"].GetKeyValues(ref names);
        Assert.Equal(FakeAblation.Data.Classes, names.DenseValues().Select(name => name.ToString()));
    }

    private IDataView View(TokenDataset texts) => TokenTable.Of(_ml, texts, FakeAblation.Data.Classes);
}
