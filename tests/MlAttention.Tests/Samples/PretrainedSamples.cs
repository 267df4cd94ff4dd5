using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The samples of pretrained encoders, run on a made-up one that takes a moment.</summary>
public class PretrainedSamples
{
    static PretrainedSamples() => TinyEncoder.Shared.SaveHuggingFace(Sample("minilm"));

    [Fact]
    public void PretrainedClassifier_Short()
    {
        // sample: PretrainedClassifier_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        PretrainedEncoder encoder = PretrainedEncoder.Load(Sample("minilm"));       // a Hugging Face folder
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.PretrainedClassifier(encoder, epochs: 3))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        Console.WriteLine(model.Transform(data).GetColumn<string>("PredictedLabel").First());
        // end of sample

        Assert.Equal(60, model.Transform(data).GetColumn<string>("PredictedLabel").Count());
    }

    [Fact]
    public void PretrainedClassifier_Options()
    {
        // sample: PretrainedClassifier_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        PretrainedEncoder encoder = PretrainedEncoder.Load(Sample("minilm"));
        var options = new AttentionClassifierOptions(encoder)
        {
            MaxLength = 10,                                                 // texts are cut to 10 tokens
            Training = TrainingOptions.FineTuning with { Epochs = 2, FrozenLayers = 1, BalanceClasses = true },
        };
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.PretrainedClassifier(options));
        var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data));
        Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}");
        // end of sample

        Assert.InRange(metrics.MicroAccuracy, 0, 1);
    }

    [Fact]
    public void PretrainedClassifier_Pairs()
    {
        // sample: PretrainedClassifier_Pairs
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("questions.csv"), ["Question", "Answer"]);
        PretrainedEncoder encoder = PretrainedEncoder.Load(Sample("minilm"));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.PretrainedClassifier(encoder, ["Question", "Answer"], epochs: 3))      // [CLS] question [SEP] answer [SEP]
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        Console.WriteLine(model.Transform(data).GetColumn<string>("PredictedLabel").First());
        // end of sample

        Assert.Equal(36, model.Transform(data).GetColumn<string>("PredictedLabel").Count());
    }

    [Fact]
    public void EmbedText_Short()
    {
        // sample: EmbedText_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        PretrainedEncoder encoder = PretrainedEncoder.Load(Sample("minilm"));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.EmbedText("Features", "Text", encoder))
            .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        ITransformer model = pipeline.Fit(data);
        Console.WriteLine(mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
        // end of sample

        Assert.Equal(8, model.Transform(data).GetColumn<float[]>("Features").First().Length);
    }

    [Fact]
    public void SaveHuggingFace_FromAPipeline()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(Sample("reviews.csv"));
        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(mlContext.Attention().PretrainedClassifier(PretrainedEncoder.Load(Sample("minilm")), epochs: 1)).Fit(data);

        // sample: SaveHuggingFace_FromAPipeline
        mlContext.Model.SaveHuggingFace(model, Sample("reviews-encoder"));          // config.json, model.safetensors, the tokenizer's files
        PretrainedEncoder fineTuned = PretrainedEncoder.Load(Sample("reviews-encoder"));
        TextClassifier classifier = TextClassifier.FromPretrained(fineTuned);       // its head and labels come along
        Console.WriteLine(classifier.Predict("not bad at all").Label);
        // end of sample

        Assert.Equal(["positive", "negative"], classifier.Labels);
    }

    [Fact]
    public void TextEmbedder_FromAFolder()
    {
        // sample: TextEmbedder_FromAFolder
        var embedder = TextEmbedder.Load(Sample("minilm"), new TextEmbedderOptions { Normalize = true });
        float[] soup = embedder.Embed("the soup was warm"), bread = embedder.Embed("the bread was warm");
        float cosine = soup.Zip(bread, (one, other) => one * other).Sum();     // of vectors of length 1
        Console.WriteLine($"{embedder.Dimension} numbers, cosine {cosine:0.000}");
        // end of sample

        Assert.InRange(cosine, -1.001f, 1.001f);
    }

    [Fact]
    public async Task AddTextEmbedder_InAService()
    {
        var services = new ServiceCollection();

        // sample: AddTextEmbedder_InAService
        services.AddTextEmbedder(Sample("minilm"));                                 // a TextEmbedder and an IEmbeddingGenerator for all callers
        // end of sample

        using var provider = services.BuildServiceProvider();
        // sample: TextEmbeddingGenerator_Generate
        var generator = provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(["a warm soup", "a cold cake"]);
        // end of sample

        Assert.Equal(provider.GetRequiredService<TextEmbedder>().Embed("a cold cake"), embeddings[1].Vector.ToArray());
    }
}
