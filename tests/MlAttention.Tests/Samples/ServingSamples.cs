using Microsoft.ML;
using MlAttention.Serving;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The code of docs/SERVING.md and of TextClassifier's documentation, run.</summary>
public class ServingSamples
{
    [Fact]
    public void TextClassifier_FromAPipeline()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(Sample("reviews.csv"));
        ITransformer model = TinyTexts.Pipeline(mlContext).Fit(data);

        mlContext.Model.SaveTextClassifier(model, Sample("reviews.safetensors"));   // after training, with ML.NET
        var classifier = TextClassifier.Load(Sample("reviews.safetensors"));        // anywhere
        TextPrediction prediction = classifier.Predict("not bad at all");
        Console.WriteLine($"{prediction.Label} {prediction.Probability:0.000}");

        Assert.Contains(prediction.Label, classifier.Labels);
    }

    [Fact]
    public void TextClassifier_AllProbabilities()
    {
        var mlContext = new MLContext(seed: 1);
        mlContext.Model.SaveTextClassifier(TinyTexts.Pipeline(mlContext).Fit(mlContext.Attention().LoadCsv(Sample("reviews.csv"))), Sample("all.safetensors"));
        var classifier = TextClassifier.Load(Sample("all.safetensors"));

        var probabilities = new float[classifier.Labels.Count];
        classifier.Predict("a lovely cake", probabilities);                         // writes one for each label, allocates nothing

        Assert.Equal(1, probabilities.Sum(), 5);
    }
}
