using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The samples of which words decided, run.</summary>
public class ExplanationSamples
{
    [Fact]
    public void TokenContributions_Short()
    {
        // sample: TokenContributions_Short
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(epochs: 8).Fit(tokens);
        IDataView explained = attention.TokenContributions(classifier).Fit(tokens).Transform(tokens);
        float[] contributions = explained.GetColumn<float[]>("Contributions").First();
        foreach (var (word, nats) in data.GetColumn<string>("Text").First().Split(' ').Zip(contributions)) Console.WriteLine($"{nats,7:+0.00;-0.00} {word}");
        // end of sample

        Assert.Equal(5, contributions.Length);
    }

    [Fact]
    public void TokenContributions_Options()
    {
        // sample: TokenContributions_Options
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(epochs: 8).Fit(tokens);
        var options = new TokenContributionsOptions(classifier.Model)
        {
            Method = ExplanationMethod.LeaveOneOut,
            Label = data.GetColumn<string>("Label").First(),
            Explanation = new ExplanationOptions { LeftOut = LeftOutToken.Removed },
        };
        float[] contributions = attention.TokenContributions(options).Fit(tokens).Transform(tokens).GetColumn<float[]>("Contributions").First();
        Console.WriteLine(string.Join(' ', contributions));
        // end of sample

        Assert.Equal(5, contributions.Length);
    }

    [Fact]
    public void TextClassifier_Explain()
    {
        var mlContext = new MLContext(seed: 1);
        mlContext.Model.SaveTextClassifier(TinyTexts.Pipeline(mlContext).Fit(mlContext.Attention().LoadCsv(Sample("reviews.csv"))), Sample("explained.safetensors"));
        var classifier = TextClassifier.Load(Sample("explained.safetensors"));

        // sample: TextClassifier_Explain
        TextExplanation explanation = classifier.Explain("not bad at all");
        foreach (ExplainedToken token in explanation.Tokens) Console.WriteLine($"{token.IntegratedGradients,7:+0.00;-0.00} {token.LeaveOneOut,7:+0.00;-0.00} {token.Text}");
        Console.WriteLine($"for {explanation.Label}; the methods agree by {explanation.Agreement:0.00}");
        // end of sample

        Assert.Equal(["not", "bad", "at", "all"], explanation.Tokens.Select(token => token.Text));
    }
}
