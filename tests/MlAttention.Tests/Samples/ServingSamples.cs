using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using MlAttention.Tests.Hosting;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The code of docs/SERVING.md and of the documentation of TextClassifier and AddTextClassifier, run.</summary>
public class ServingSamples
{
    [Fact]
    public void TextClassifier_FromAPipeline()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(Sample("reviews.csv"));
        ITransformer model = TinyTexts.Pipeline(mlContext).Fit(data);

        // sample: TextClassifier_FromAPipeline
        mlContext.Model.SaveTextClassifier(model, Sample("reviews.safetensors"));   // after training, with ML.NET
        var classifier = TextClassifier.Load(Sample("reviews.safetensors"));        // anywhere
        TextPrediction prediction = classifier.Predict("not bad at all");
        Console.WriteLine($"{prediction.Label} {prediction.Probability:0.000}");
        // end of sample

        Assert.Contains(prediction.Label, classifier.Labels);
    }

    [Fact]
    public void TextClassifier_AllProbabilities()
    {
        var mlContext = new MLContext(seed: 1);
        mlContext.Model.SaveTextClassifier(TinyTexts.Pipeline(mlContext).Fit(mlContext.Attention().LoadCsv(Sample("reviews.csv"))), Sample("all.safetensors"));
        var classifier = TextClassifier.Load(Sample("all.safetensors"));

        // sample: TextClassifier_AllProbabilities
        var probabilities = new float[classifier.Labels.Count];
        classifier.Predict("a lovely cake", probabilities);                         // writes one for each label, allocates nothing
        // end of sample

        Assert.Equal(1, probabilities.Sum(), 5);
    }

    [Fact]
    public void AddTextClassifier_InAService()
    {
        ClassifierFiles.Write(Sample("model.safetensors"), seed: 1);
        var services = new ServiceCollection();

        // sample: AddTextClassifier_InAService
        services.AddTextClassifier(Sample("model.safetensors"), watch: true);           // one for all callers; watch: false never reloads
        // end of sample

        using var provider = services.BuildServiceProvider();
        // sample: ReloadingTextClassifier_Predict
        var classifier = provider.GetRequiredService<ReloadingTextClassifier>();    // the first to ask loads it: do so before the application starts
        TextPrediction prediction = classifier.Predict("not bad at all");           // by the last model that could be loaded
        TextClassifier current = classifier.Current;                                // one model, whatever is loaded meanwhile
        var probabilities = new float[current.Labels.Count];
        current.Predict("a lovely cake", probabilities);
        // end of sample

        Assert.Contains(prediction.Label, current.Labels);
        Assert.Equal(1, probabilities.Sum(), 5);
    }

    [Fact]
    public void AddKeyedTextClassifier_InAService()
    {
        ClassifierFiles.Write(Sample("sentiment.safetensors"), seed: 1);
        ClassifierFiles.Write(Sample("topics.safetensors"), seed: 1, "food", "travel");
        var services = new ServiceCollection();

        // sample: AddKeyedTextClassifier_InAService
        services.AddKeyedTextClassifier("sentiment", Sample("sentiment.safetensors"));
        services.AddKeyedTextClassifier("topics", Sample("topics.safetensors"));
        // end of sample

        using var provider = services.BuildServiceProvider();
        Assert.Equal(["food", "travel"], provider.GetRequiredKeyedService<ReloadingTextClassifier>("topics").Current.Labels);
    }
}
