using MlAttention;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Tells which tokens speak for a class of a trained classifier, and which against it.</summary>
    /// <param name="classifier">The trained classifier.</param>
    /// <param name="outputColumnName">The column with the contributions.</param>
    /// <param name="inputColumnName">The column with the sequence, tokenized with the classifier's vocabulary.</param>
    /// <param name="method">How a contribution is measured.</param>
    /// <param name="label">The class that is explained, by its name; null for the most probable one of the row.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>vector of keys</description></item>
    /// <item><term>output</term><description>variable vector of Single, one number for each key: its contribution to the class's log-odds, log(p / (1 - p)), in nats; above 0 it speaks for the class</description></item>
    /// </list>
    /// Integrated gradients add up to the log-odds of the text less those of a text of unknown words; leaving out one token tells what is lost
    /// with it alone. Tokens that the model cuts off, and those of a pretrained tokenizer around the text, contribute 0. A row costs about as much
    /// as scoring 150 rows of its length, and by leaving out as many as it has tokens.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="TokenContributions_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
    /// var classifier = attention.Classifier(epochs: 8).Fit(tokens);
    /// IDataView explained = attention.TokenContributions(classifier).Fit(tokens).Transform(tokens);
    /// float[] contributions = explained.GetColumn&lt;float[]&gt;("Contributions").First();
    /// foreach (var (word, nats) in data.GetColumn&lt;string&gt;("Text").First().Split(' ').Zip(contributions)) Console.WriteLine($"{nats,7:+0.00;-0.00} {word}");
    /// </code></example>
    public SequenceLayerEstimator TokenContributions(AttentionClassifierTransformer classifier, string outputColumnName = "Contributions",
        string? inputColumnName = "Tokens", ExplanationMethod method = ExplanationMethod.IntegratedGradients, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return TokenContributions(new TokenContributionsOptions(classifier.Model) { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, Method = method, Label = label });
    }

    /// <inheritdoc cref="TokenContributions(AttentionClassifierTransformer, string, string?, ExplanationMethod, string?)"/>
    /// <param name="options">The model, the method and the columns.</param>
    /// <example><code source="TokenContributions_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
    /// var classifier = attention.Classifier(epochs: 8).Fit(tokens);
    /// var options = new TokenContributionsOptions(classifier.Model)
    /// {
    ///     Method = ExplanationMethod.LeaveOneOut,
    ///     Label = data.GetColumn&lt;string&gt;("Label").First(),
    ///     Explanation = new ExplanationOptions { LeftOut = LeftOutToken.Removed },
    /// };
    /// float[] contributions = attention.TokenContributions(options).Fit(tokens).Transform(tokens).GetColumn&lt;float[]&gt;("Contributions").First();
    /// Console.WriteLine(string.Join(' ', contributions));
    /// </code></example>
    public SequenceLayerEstimator TokenContributions(TokenContributionsOptions options) => Layer(options);
}
