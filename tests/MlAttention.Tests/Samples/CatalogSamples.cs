using Microsoft.ML;
using Microsoft.ML.Data;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The samples of the catalog's documentation, run.</summary>
public class CatalogSamples
{
    [Fact]
    public void LoadCsv_Short()
    {
        // sample: LoadCsv_Short
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(Sample("reviews.csv"));
        Console.WriteLine(data.GetColumn<string>("Text").First());
        // end of sample

        Assert.Equal(60, data.GetColumn<string>("Label").Count());
    }

    [Fact]
    public void LoadCsv_Options()
    {
        // sample: LoadCsv_Options
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(
            new CsvOptions { TextColumns = ["Title", "Body"], LabelColumn = "Stars", Delimiter = ";", BadRows = BadRowPolicy.Skip },
            Sample("reviews/*.csv"));
        Console.WriteLine(data.GetColumn<string>("Text").First());
        // end of sample

        Assert.Equal("good a warm soup", data.GetColumn<string>("Text").First());
    }

    [Fact]
    public void TokenizeSequence_Short()
    {
        // sample: TokenizeSequence_Short
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(Sample("reviews.csv"));
        var tokenizer = mlContext.Attention().TokenizeSequence("Tokens", "Text").Fit(data);
        uint[] keys = tokenizer.Transform(data).GetColumn<uint[]>("Tokens").First();
        Console.WriteLine(string.Join(' ', keys.Select(key => tokenizer.Vocabulary[(int)key - 1])));
        // end of sample

        Assert.Equal(5, keys.Length);
    }

    [Fact]
    public void TokenizeSequence_Options()
    {
        // sample: TokenizeSequence_Options
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Attention().LoadCsv(Sample("reviews.csv"));
        var options = new TokenizeSequenceOptions { Tokenizer = TokenizerKind.BytePair, MaxSize = 40, UnknownToken = "[UNK]", MaxLength = 3 };
        var tokenizer = mlContext.Attention().TokenizeSequence(options).Fit(data);
        int longest = tokenizer.Transform(data).GetColumn<uint[]>("Tokens").Max(keys => keys.Length);
        Console.WriteLine($"{tokenizer.Vocabulary.Count} tokens; longest row {longest}; {tokenizer.TruncatedRows} rows cut");
        // end of sample

        Assert.Equal((40, 3, 60), (tokenizer.Vocabulary.Count, longest, tokenizer.TruncatedRows));
    }

    [Fact]
    public void Classifier_Short()
    {
        // sample: Classifier_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", "Text"))
            .Append(attention.Classifier(epochs: 8))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        Console.WriteLine(model.Transform(data).GetColumn<string>("PredictedLabel").First());
        // end of sample

        Assert.Equal(data.GetColumn<string>("Label"), model.Transform(data).GetColumn<string>("PredictedLabel"));
    }

    [Fact]
    public void Classifier_Options()
    {
        // sample: Classifier_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", "Text"))
            .Append(attention.Classifier(new AttentionClassifierOptions
            {
                Positions = PositionScheme.Rotary,
                ModelWidth = 32,
                Heads = 4,
                Layers = 1,
                Training = new TrainingOptions { Epochs = 16, BalanceClasses = true },
            }));
        var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data));
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        // end of sample

        Assert.True(metrics.MicroAccuracy > 0.9);
    }

    [Fact]
    public void EmbedTokens_Short()
    {
        // sample: EmbedTokens_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32));
        float[] vectors = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Embeddings").First();
        Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
        // end of sample

        Assert.Equal(5 * 32, vectors.Length);
    }

    [Fact]
    public void EmbedTokens_Options()
    {
        // sample: EmbedTokens_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.EmbedTokens(new EmbedTokensOptions { Width = 32, Seed = 7 }));
        float[] vectors = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Embeddings").First();
        Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
        // end of sample

        Assert.Equal(5 * 32, vectors.Length);
    }

    [Fact]
    public void AddPositions_Short()
    {
        // sample: AddPositions_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
            .Append(attention.AddPositions("Positioned", "Embeddings", PositionScheme.Sinusoidal));
        float[] vectors = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Positioned").First();
        Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
        // end of sample

        Assert.Equal(5 * 32, vectors.Length);
    }

    [Fact]
    public void AddPositions_Options()
    {
        // sample: AddPositions_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
            .Append(attention.AddPositions(new AddPositionsOptions { Positions = PositionScheme.Learned, MaxLength = 16 }));
        float[] vectors = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Positioned").First();
        Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
        // end of sample

        Assert.Equal(5 * 32, vectors.Length);
    }

    [Fact]
    public void SelfAttention_Short()
    {
        // sample: SelfAttention_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
            .Append(attention.AddPositions("Positioned", "Embeddings"))
            .Append(attention.SelfAttention("Attended", "Positioned", heads: 4));
        float[] vectors = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Attended").First();
        Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
        // end of sample

        Assert.Equal(5 * 32, vectors.Length);
    }

    [Fact]
    public void SelfAttention_Options()
    {
        // sample: SelfAttention_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
            .Append(attention.SelfAttention(new SelfAttentionOptions { Heads = 4, Positions = PositionScheme.Rotary, Mask = MaskKind.Causal }));
        float[] vectors = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Attended").First();
        Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
        // end of sample

        Assert.Equal(5 * 32, vectors.Length);
    }

    [Fact]
    public void PoolSequence_Short()
    {
        // sample: PoolSequence_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", "Text"))
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
            .Append(attention.SelfAttention("Attended", "Embeddings"))
            .Append(attention.PoolSequence("Features", "Attended"))
            .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data));
        Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}");
        // end of sample

        Assert.True(metrics.MicroAccuracy > 0.9);
    }

    [Fact]
    public void PoolSequence_Options()
    {
        // sample: PoolSequence_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
            .Append(attention.PoolSequence(new PoolSequenceOptions { InputColumnName = "Embeddings", Pooling = PoolingKind.Max }));
        float[] features = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Features").First();
        Console.WriteLine($"{features.Length} numbers for the text");
        // end of sample

        Assert.Equal(32, features.Length);
    }

    [Fact]
    public void EncodeSequence_Short()
    {
        // sample: EncodeSequence_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(epochs: 8).Fit(tokens);
        var pipeline = attention.EncodeSequence(classifier, "Features", "Tokens")
            .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(tokens).Transform(tokens));
        Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}");
        // end of sample

        Assert.Equal(1, metrics.MicroAccuracy);
    }

    [Fact]
    public void EncodeSequence_Options()
    {
        // sample: EncodeSequence_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(epochs: 8).Fit(tokens);
        var encoder = attention.EncodeSequence(new EncodeSequenceOptions(classifier.Model) { OutputColumnName = "Encoded" });
        float[] features = encoder.Fit(tokens).Transform(tokens).GetColumn<float[]>("Encoded").First();
        Console.WriteLine($"{features.Length} numbers for the text");
        // end of sample

        Assert.Equal(classifier.Model.Architecture.ModelWidth, features.Length);
    }

    [Fact]
    public void AttentionWeights_Short()
    {
        // sample: AttentionWeights_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(epochs: 8).Fit(tokens);
        var inspector = attention.AttentionWeights(classifier, layer: 0);
        float[] weights = inspector.Fit(tokens).Transform(tokens).GetColumn<float[]>("AttentionWeights").First();
        Console.WriteLine($"head 0, first token: {string.Join(' ', weights.Take(5))}");
        // end of sample

        Assert.Equal(1, weights.Take(5).Sum(), 1e-5f);
    }

    [Fact]
    public void AttentionWeights_Options()
    {
        // sample: AttentionWeights_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(epochs: 8).Fit(tokens);
        var inspector = attention.AttentionWeights(new AttentionWeightsOptions(classifier.Model) { Layer = 1, OutputColumnName = "SecondLayer" });
        float[] weights = inspector.Fit(tokens).Transform(tokens).GetColumn<float[]>("SecondLayer").First();
        Console.WriteLine($"head 0, first token: {string.Join(' ', weights.Take(5))}");
        // end of sample

        Assert.Equal(1, weights.Take(5).Sum(), 1e-5f);
    }

    [Fact]
    public void OrderingAblation()
    {
        // sample: OrderingAblation
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3, seed: 1);
        var report = attention.OrderingAblation(split.TrainSet, split.TestSet, AblationPlan.Quick with { Seeds = [1, 2], Epochs = 2 });
        Console.WriteLine(VerdictWriter.Write(report).Headline);
        // end of sample

        Assert.Equal(2, report.Plan.Seeds.Count);
    }

    [Fact]
    public void OrderingAblation_OneSet()
    {
        // sample: OrderingAblation_OneSet
        var attention = new MLContext(seed: 1).Attention();
        var report = attention.OrderingAblation(attention.LoadCsv(Sample("reviews.csv")), AblationPlan.Quick with { Seeds = [1, 2], Epochs = 2, TestFraction = 0.3 });
        Console.WriteLine(VerdictWriter.Write(report).Headline);
        // end of sample

        Assert.InRange(report.Data.TestTexts, 1, report.Data.TrainingTexts);
    }
}
