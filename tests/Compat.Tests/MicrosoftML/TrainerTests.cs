using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Compat.Tests.MicrosoftML;

public class TrainerTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LbfgsMaximumEntropy_NoRegularization_LearnsTheSharesOfASingleFeature()
    {
        // Where x is 1, three of four examples are "b"; where it is 0, one of four: the model can match both shares exactly.
        Point[] points =
        [
            .. Repeat(1, "b", 3), .. Repeat(1, "a", 1),
            .. Repeat(0, "b", 1), .. Repeat(0, "a", 3),
        ];
        IDataView data = _ml.Data.LoadFromEnumerable(points);

        IDataView scored = Pipeline(l1: 0, l2: 0).Fit(data).Transform(data);

        uint[] predicted = [.. scored.GetColumn<uint>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        Assert.Equal([1u, 1u, 1u, 1u, 2u, 2u, 2u, 2u], predicted);
        Assert.Equal(0.75, scores[0][0], 0.01);
        Assert.Equal(0.75, scores[7][1], 0.01);
        Assert.All(scores, row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    // Three of four examples with x = 1 are "a", three of four with x = -1 are "b". By symmetry the weights are w and -w, and
    // with s = p(a | x = 1) the optimum has 16 (s - 3/4) + 2 L1 + 2 L2 w = 0, where 2 w = ln(s / (1 - s)).
    [Theory]
    [InlineData(0, 0, 0.75)]
    [InlineData(1, 0, 0.625)]
    [InlineData(3, 0, 0.5)]
    [InlineData(0, 2.58465f, 0.65)]
    public void LbfgsMaximumEntropy_Penalties_GiveTheHandSolvedShare(float l1, float l2, double share)
    {
        Point[] points = [.. Repeat(1, "a", 3), .. Repeat(1, "b", 1), .. Repeat(-1, "a", 1), .. Repeat(-1, "b", 3)];
        IDataView data = _ml.Data.LoadFromEnumerable(points);

        float[][] scores = [.. Pipeline(l1, l2).Fit(data).Transform(data).GetColumn<float[]>("Score")];

        Assert.Equal(share, scores[0][0], 0.005);
        Assert.Equal(1 - share, scores[7][0], 0.005);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(0, 1000)]
    public void LbfgsMaximumEntropy_StrongPenalty_LeavesTheSharesOfTheClasses(float l1, float l2)
    {
        Point[] points = [.. Repeat(1, "b", 6), .. Repeat(0, "a", 2)];
        IDataView data = _ml.Data.LoadFromEnumerable(points);

        float[][] scores = [.. Pipeline(l1, l2).Fit(data).Transform(data).GetColumn<float[]>("Score")];

        Assert.All(scores, row => Assert.Equal(0.75, row[0], 0.01));
    }

    [Fact]
    public void LbfgsMaximumEntropy_ScoredColumns_HaveTheAnnotationsOfAClassifier()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Blobs(30));
        IEstimator<ITransformer> pipeline = Pipeline(l1: 1, l2: 1);

        DataViewSchema schema = pipeline.Fit(data).Transform(data).Schema;

        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Score"].GetSlotNames(ref names);
        Assert.Equal(["a", "b", "c"], Tables.Texts(names));
        Assert.Equal(["a", "b", "c"], Tables.KeyValues(schema["PredictedLabel"]));
        ReadOnlyMemory<char> kind = default;
        schema["Score"].Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.Equal("MulticlassClassification", kind.ToString());
        schema["PredictedLabel"].Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.Equal("PredictedLabel", kind.ToString());
        Assert.Contains(schema["Score"].Annotations.Schema, annotation => annotation.Name == "TrainingLabelValues");
        SchemaShape.Column shape = Tables.Find(pipeline.GetOutputSchema(Tables.ShapeOf(data.Schema)), "Score");
        Assert.Contains(shape.Annotations, annotation => annotation.Name == "SlotNames");
    }

    [Fact]
    public void LbfgsMaximumEntropy_SeparableClasses_AreEvaluatedCrossValidatedAndMappedBack()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Blobs(150));
        var pipeline = Pipeline(l1: 0, l2: 0.1f).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        Assert.Equal(
            data.GetColumn<string>("Label"),
            pipeline.Fit(data).Transform(data).GetColumn<string>("PredictedLabel"));
        var folds = _ml.MulticlassClassification.CrossValidate(data, Pipeline(l1: 0, l2: 0.1f), numberOfFolds: 3);
        Assert.All(folds, fold => Assert.Equal(1, fold.Metrics.MicroAccuracy));
    }

    [Fact]
    public void LbfgsMaximumEntropy_WrongColumns_FailWithTheirNames()
    {
        SchemaShape shape = Tables.ShapeOf(_ml.Data.LoadFromEnumerable(Blobs(3)).Schema);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "X").GetOutputSchema(shape));
        Assert.Contains("Schema mismatch for label column 'Label': expected Key<UInt32>, got String", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "Y").GetOutputSchema(shape));
        Assert.Contains("Could not find feature column 'Y'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SavedTrainer_GivesTheSameScores()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Blobs(30));
        ITransformer model = Pipeline(l1: 0, l2: 1).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        ITransformer loaded = _ml.Model.Load(stream, out _);

        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score"), loaded.Transform(data).GetColumn<float[]>("Score"));
        Assert.Equal(["a", "b", "c"], Tables.KeyValues(loaded.Transform(data).Schema["PredictedLabel"]));
    }

    [Fact]
    public void PermutationFeatureImportance_OneUsefulSlot_SuffersAloneWhenShuffled()
    {
        Point[] points = [.. Blobs(150).Select((point, i) => new Point { Label = point.Label, X = [point.X[0], point.X[1], i % 2] })];
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Point));
        definition["X"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        IDataView data = _ml.Data.LoadFromEnumerable(points, definition);
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        MulticlassPredictionTransformer<MaximumEntropyModelParameters> model =
            _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "X", l1Regularization: 1, l2Regularization: 0).Fit(keyed);

        ImmutableArray<MulticlassClassificationMetricsStatistics> importance =
            _ml.MulticlassClassification.PermutationFeatureImportance(model, keyed, permutationCount: 3);

        Assert.Equal(3, importance.Length);
        Assert.All(importance, slot => Assert.Equal(3, slot.MicroAccuracy.Count));
        Assert.True(importance[0].MicroAccuracy.Mean < -0.1, $"slot 0: {importance[0].MicroAccuracy.Mean}");
        Assert.Equal(0, importance[2].MicroAccuracy.Mean, 0.02);
    }

    private EstimatorChain<MulticlassPredictionTransformer<MaximumEntropyModelParameters>> Pipeline(float l1, float l2) =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "X", l1Regularization: l1, l2Regularization: l2));

    private static IEnumerable<Point> Repeat(float x, string label, int count) =>
        Enumerable.Range(0, count).Select(_ => new Point { X = [x, 0], Label = label });

    /// <summary>Three classes around three corners.</summary>
    private static Point[] Blobs(int count)
    {
        var random = new Random(3);
        (string Label, float X, float Y)[] corners = [("a", 4, 0), ("b", 0, 4), ("c", -4, -4)];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            (string label, float x, float y) = corners[i % 3];
            return new Point { Label = label, X = [x + random.NextSingle(), y + random.NextSingle()] };
        })];
    }

    private sealed class Point
    {
        public string Label { get; set; } = "";

        [VectorType(2)]
        public float[] X { get; set; } = [];
    }
}
