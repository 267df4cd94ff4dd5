using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline.Tasks;

/// <summary>Every task through what ML.NET does with estimators, views and models.</summary>
public class TaskPipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<TaskCase> Cases => TaskCase.Cases;

    private sealed class LabelsOut
    {
        public uint[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class BinaryOut
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class NumberOut
    {
        public float Score { get; set; }
    }

    [Theory, MemberData(nameof(Cases))]
    public void GetOutputSchema_Shape_AgreesWithTheFittedSchema(TaskCase task)
    {
        var data = TaskTexts.Data(_ml, 41);
        var pipeline = task.Pipeline(_ml, epochs: 1);
        var fitted = SchemaShapes.Of(pipeline.Fit(data).GetOutputSchema(data.Schema));
        Assert.Equal(Snapshot.Describe(fitted), Snapshot.Describe(pipeline.GetOutputSchema(SchemaShapes.Of(data.Schema))));
    }

    [Theory, MemberData(nameof(Cases))]
    public void SaveAndLoadAttention_GivesTheSameBitsAndSchema(TaskCase task)
    {
        var data = TaskTexts.Data(_ml);
        var model = task.Pipeline(_ml).Fit(data);
        var expected = Snapshot.Of(model.Transform(data), task.Outputs);
        Assert.Equal(expected, Snapshot.Of(task.Pipeline(new MLContext(seed: 8)).Fit(data).Transform(data), task.Outputs));      // the seed is the options'
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        var loaded = new MLContext(seed: 99).Model.LoadAttention(stream, out _);

        Assert.Equal(expected, Snapshot.Of(loaded.Transform(data), task.Outputs));
        Assert.Equal(Snapshot.Describe(SchemaShapes.Of(model.GetOutputSchema(data.Schema))), Snapshot.Describe(SchemaShapes.Of(loaded.GetOutputSchema(data.Schema))));
        for (var i = 0; i < task.Outputs.Length; i++) Assert.Equal(expected.Select(row => row.Split(" | ")[i]), Snapshot.Of(loaded.Transform(data), task.Outputs[i]));
    }

    [Theory, MemberData(nameof(Cases))]
    public void PredictionEngine_RowByRow_GivesTheValuesOfTransform(TaskCase task)
    {
        var data = TaskTexts.Data(_ml);
        var model = task.Pipeline(_ml).Fit(data);
        var expected = Snapshot.Of(model.Transform(data), task.Outputs)[..9];
        var rows = TaskTexts.Rows(TaskTexts.RowCount)[..9];
        string[] actual = task.Outputs.Length switch
        {
            1 => Predict<NumberOut>(output => [output.Score]),
            3 => Predict<BinaryOut>(output => [output.PredictedLabel, output.Score, output.Probability]),
            _ => Predict<LabelsOut>(output => [output.PredictedLabel, output.Score]),
        };
        foreach (var (one, other) in expected.Zip(actual)) Snapshot.AssertClose([Numeric(one)], [Numeric(other)]);

        string[] Predict<T>(Func<T, object[]> members) where T : class, new()
        {
            using var engine = _ml.Model.CreatePredictionEngine<TaskTexts.Row, T>(model, new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true });
            return Snapshot.Of(rows.Select(row => engine.Predict(row)).ToArray(), members);
        }

        static string Numeric(string row) => row.Replace("True", "1", StringComparison.Ordinal).Replace("False", "0", StringComparison.Ordinal);
    }

    [Fact]
    public void Classifier_LabelOfAnotherType_NamesTheFix()
    {
        var data = TaskTexts.Data(_ml, 5);
        Refused("label column 'Label': expected VarVector<Key>, several keys", "Binary", options => options with { BinaryColumns = false, Task = TaskKind.MultiLabel, LabelColumnName = "Label" }, ml => ml.Transforms.Conversion.MapValueToKey("Label", "Text"));
        Refused("label column 'Text': expected Single", "Regression", options => options with { LabelColumnName = "Text" });
        Refused("label column 'Number': expected Boolean or a key of 2 values", "Binary", options => options with { LabelColumnName = "Number" });
        Refused("expected Boolean or a key of 2 values, got a key of", "Binary", options => options with { LabelColumnName = "Label" }, ml => ml.Transforms.Conversion.MapValueToKey("Label", "Id"));
        Refused("word starts column 'Number': expected VarVector<UInt32>", "TokenLabels", options => options with { WordStartsColumnName = "Number" });

        void Refused(string part, string name, Func<AttentionClassifierOptions, AttentionClassifierOptions> change, Func<MLContext, IEstimator<ITransformer>>? before = null)
        {
            var pipeline = new TaskCase(name, Pretrained: false).Pipeline(_ml, 1, change);
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => before is null ? pipeline.Fit(data) : before(_ml).Append(pipeline).Fit(data));
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_WhatATaskHasNoPlaceFor_IsOneErrorThatNamesAll()
    {
        var options = TinyTexts.Classifier with
        {
            Task = TaskKind.Regression, BinaryColumns = true, LabelThresholds = new Dictionary<string, double> { ["dog"] = 2 }, WordStartsColumnName = "WordStarts",
            Threshold = 0.7, Training = new() { BalanceClasses = true, LabelSmoothing = 0.3 },
        };
        var error = Assert.Throws<ArgumentException>(() => options.Validate()).Message;
        Assert.All(["BinaryColumns = True: goes with one label", "LabelThresholds['dog'] = 2", "LabelThresholds = 1 thresholds: go with several labels", "WordStartsColumnName = WordStarts: goes with labels of tokens", "BalanceClasses = True", "LabelSmoothing = 0.3"],
            part => Assert.Contains(part, error, StringComparison.Ordinal));
        Assert.Contains("Threshold = 0.7: goes with BinaryColumns or several labels", Assert.Throws<ArgumentException>(() => (TinyTexts.Classifier with { Threshold = 0.7 }).Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("Pooling = Max", Assert.Throws<ArgumentException>(() => (TinyTexts.Classifier with { Task = TaskKind.TokenLabels, Pooling = PoolingKind.Max }).Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveHuggingFace_OtherTask_IsRefusedWithAWord()
    {
        var model = new TaskCase("MultiLabel", Pretrained: true).Pipeline(_ml, 1).Fit(TaskTexts.Data(_ml, 41));
        var error = Assert.Throws<ArgumentException>(() => _ml.Model.SaveHuggingFace(model, Path.Combine(Path.GetTempPath(), "never")));
        Assert.Contains("its task is MultiLabel", error.Message, StringComparison.Ordinal);
    }
}
