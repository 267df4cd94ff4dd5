using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline;

/// <summary>Every estimator of the catalog through what ML.NET does with models: typed rows, prediction engines, cross-validation, files.</summary>
public class PipelineUseTests
{
    private const int RowCount = FittedPipelines.RowCount;

    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<PipelineCase> Cases => PipelineCase.Cases;

    /// <summary>A member for each column that a case adds.</summary>
    private sealed class Outputs
    {
        public float Id { get; set; }

        public uint[]? Tokens { get; set; }

        public float[]? Embeddings { get; set; }

        public float[]? Positioned { get; set; }

        public float[]? Attended { get; set; }

        public float[]? Features { get; set; }

        public float[]? AttentionWeights { get; set; }

        public float[]? Contributions { get; set; }

        public uint PredictedLabel { get; set; }

        public float[]? Score { get; set; }

        public string? Output { get; set; }

        public object? Member(string name) => typeof(Outputs).GetProperty(name)!.GetValue(this);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void CreateEnumerable_TypedRows_HaveTheValues(PipelineCase pipelineCase)
    {
        var (model, expected) = FittedPipelines.Of(pipelineCase);

        var rows = _ml.Data.CreateEnumerable<Outputs>(model.Transform(TinyTexts.Data(_ml, RowCount)), reuseRowObject: false, ignoreMissingColumns: true);

        Assert.Equal(expected, Values(pipelineCase, rows));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GetColumn_EachOutput_HasTheValues(PipelineCase pipelineCase)
    {
        var (model, expected) = FittedPipelines.Of(pipelineCase);
        var view = model.Transform(TinyTexts.Data(_ml, RowCount));

        for (var i = 0; i < pipelineCase.Outputs.Length; i++)
        {
            var column = view.Schema[pipelineCase.Outputs[i]];
            var values = column.Type switch
            {
                KeyDataViewType => view.GetColumn<uint>(column).Select(key => Snapshot.Format(key)),
                TextDataViewType => view.GetColumn<string>(column).Select(text => Snapshot.Format(text)),
                VectorDataViewType { ItemType: KeyDataViewType } => view.GetColumn<uint[]>(column).Select(Snapshot.Format),
                _ => view.GetColumn<float[]>(column).Select(Snapshot.Format),
            };
            Assert.Equal(expected.Select(row => row.Split(" | ")[i]), values);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PredictionEngine_RowByRow_GivesTheValuesOfTransform(PipelineCase pipelineCase)
    {
        var (model, expected) = FittedPipelines.Of(pipelineCase);
        Assert.True(model.IsRowToRowMapper);
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, Outputs>(model, new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true });

        var rows = TinyTexts.Rows(RowCount).Take(7).Select(row => engine.Predict(row));

        Snapshot.AssertClose(expected[..7], Values(pipelineCase, rows));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void CrossValidate_PipelineToPredictions_ScoresEveryFold(PipelineCase pipelineCase)
    {
        var folds = _ml.MulticlassClassification.CrossValidate(TinyTexts.Data(_ml, RowCount), pipelineCase.PipelineToPredictions(_ml), numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        foreach (var fold in folds)
        {
            Assert.InRange(fold.Metrics.LogLoss, 0.01, 1.5);
            foreach (var output in pipelineCase.Outputs) Assert.NotNull(fold.ScoredHoldOutSet.Schema.GetColumnOrNull(output));
        }

        Assert.Equal(RowCount, folds.Sum(fold => Snapshot.Of(fold.ScoredHoldOutSet, [.. pipelineCase.Outputs, "Id"]).Length));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SaveAndLoadAttention_GivesTheSameBits(PipelineCase pipelineCase)
    {
        var (model, expected) = FittedPipelines.Of(pipelineCase);
        var data = TinyTexts.Data(_ml, RowCount);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        var other = new MLContext(seed: 99);
        var loaded = other.Model.LoadAttention(stream, out var schema);

        Assert.Equal(expected, Snapshot.Of(loaded.Transform(TinyTexts.Data(other, RowCount)), [.. pipelineCase.Outputs, "Id"]));
        Assert.NotNull(schema.GetColumnOrNull("Text"));
        Assert.Equal(Snapshot.Describe(SchemaShapes.Of(model.GetOutputSchema(data.Schema))), Snapshot.Describe(SchemaShapes.Of(loaded.GetOutputSchema(data.Schema))));
    }

    private static string[] Values(PipelineCase pipelineCase, IEnumerable<Outputs> rows) =>
        Snapshot.Of(rows, row => pipelineCase.Outputs.Append("Id").Select(row.Member));
}
