using Microsoft.ML;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The samples of docs/GENERATION.md, run.</summary>
public class GenerationSamples
{
    [Fact]
    public void TextGenerator_FromLines()
    {
        // sample: TextGenerator_FromLines
        var mlContext = new MLContext(seed: 1);
        IDataView lines = mlContext.Attention().LoadCsv(new CsvOptions { LabelColumn = null }, Sample("reviews.csv"));      // its column Text
        TextGenerator generator = mlContext.Attention().TextGenerator("Text").Fit(lines).Generator;
        GeneratedText text = generator.Generate("the warm", new GenerationOptions { Temperature = 0.8, TopP = 0.9, Seed = 1 });
        Console.WriteLine($"{text.Text} ({text.StopReason})");
        Console.WriteLine($"perplexity {generator.Perplexity(["the old soup was lovely"]):0.00}");
        generator.Save(Sample("writer.safetensors"));
        TextGenerator anywhere = TextGenerator.Load(Sample("writer.safetensors"));                  // without ML.NET
        foreach (string piece in anywhere.GenerateStream("the warm")) Console.Write(piece);
        // end of sample

        Assert.StartsWith("the warm ", text.Text, StringComparison.Ordinal);
        Assert.Equal(GenerationStopReason.EndOfText, text.StopReason);
        Assert.InRange(generator.Perplexity(["the old soup was lovely"]), 1, 4);
        Assert.Equal(text.Text, anywhere.Generate("the warm", new() { Temperature = 0.8, TopP = 0.9, Seed = 1 }).Text);
    }
}
