using Microsoft.ML;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The samples of pre-training, on a file of sixty texts.</summary>
public class PretrainingSamples
{
    [Fact]
    public void PretrainEncoder_FromNothing()
    {
        // sample: PretrainEncoder_FromNothing
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView texts = attention.LoadCsv(new CsvOptions { LabelColumn = null }, Sample("reviews.csv"));     // labels are not read
        PretrainedEncoder encoder = attention.PretrainEncoder(texts, new PretrainingOptions { ModelWidth = 32, Layers = 1 });
        Console.WriteLine($"perplexity {encoder.Pretraining!.PerplexityBefore:0.0} -> {encoder.Pretraining.Perplexity:0.0}");
        encoder.SaveHuggingFace(Sample("my-encoder"));                      // transformers opens it as BertForMaskedLM
        // end of sample

        // sample: MaskFiller_Fill
        var filler = new MaskFiller(encoder);
        foreach (MaskGuess guess in filler.Fill("the warm [MASK] was good", count: 3)[0]) Console.WriteLine($"{guess.Token} {guess.Probability:P0}");
        // end of sample

        Assert.True(encoder.Pretraining.Perplexity < encoder.Pretraining.PerplexityBefore);
        Assert.Equal(3, filler.Fill("the warm [MASK] was good", count: 3)[0].Count);
    }

    [Fact]
    public void PretrainEncoder_GoOn()
    {
        TinyEncoder.Shared.SaveHuggingFace(Sample("minilm-to-adapt"));
        // sample: PretrainEncoder_GoOn
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView texts = attention.LoadCsv(new CsvOptions { LabelColumn = null }, Sample("reviews.csv"));
        var options = new PretrainingOptions(PretrainedEncoder.Load(Sample("minilm-to-adapt")));              // its sizes, its vocabulary, a lower rate
        PretrainedEncoder adapted = attention.PretrainEncoder(texts, options with { Training = options.Training with { Epochs = 3 } });
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.PretrainedClassifier(adapted));
        // end of sample

        Assert.Equal(3, adapted.Pretraining!.Perplexities.Count);
        Assert.NotNull(pipeline);
    }
}
