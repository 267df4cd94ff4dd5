using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Datasets;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests;

/// <summary>The README's code stands here word for word, runs, and does what it says.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Readme_CodeBlock_TrainsSavesAndReloads()
    {
        // sample: Readme_CodeBlock_TrainsSavesAndReloads
        var ml = new MLContext(seed: 1);
        var attention = ml.Attention();
        IDataView data = attention.LoadCsv(InRepository("datasets/keyword_topics.csv"));       // header Text,Label
        var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, seed: 1);

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", "Text"))                // text -> variable vector of keys
            .Append(attention.Classifier(new AttentionClassifierOptions          // Tokens, Label -> PredictedLabel, Score
            {
                Positions = PositionScheme.Rotary, ModelWidth = 32, Heads = 4, Layers = 1,
                Training = new TrainingOptions { Epochs = 5 },
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Topic", "PredictedLabel"));
        ITransformer model = pipeline.Fit(split.TrainSet);

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}");
        ml.Model.Save(model, data.Schema, Sample("topics.zip"));                         // an ordinary ML.NET zip
        ITransformer again = ml.Model.LoadAttention(Sample("topics.zip"), out _);
        // end of sample

        Assert.True(metrics.MicroAccuracy > 0.95, $"accuracy {metrics.MicroAccuracy}");
        Assert.Equal(Topics(model, split.TestSet), Topics(again, split.TestSet));
    }

    private static string[] Topics(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<string>("Topic")];

    private static string InRepository(string path) => Path.Combine(RepositoryFiles.Root, path);
}
