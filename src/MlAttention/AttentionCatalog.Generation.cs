using MlAttention;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Trains a causal model on a column of texts: it writes new ones, and says how probable a text is.</summary>
    /// <param name="textColumnName">The column with the texts, one a line.</param>
    /// <remarks><inheritdoc cref="TextGenerator(TextGeneratorOptions)" path="/remarks/node()"/></remarks>
    /// <example><code source="TextGenerator_FromLines">
    /// var mlContext = new MLContext(seed: 1);
    /// IDataView lines = mlContext.Attention().LoadCsv(new CsvOptions { LabelColumn = null }, "reviews.csv");      // its column Text
    /// TextGenerator generator = mlContext.Attention().TextGenerator("Text").Fit(lines).Generator;
    /// GeneratedText text = generator.Generate("the warm", new GenerationOptions { Temperature = 0.8, TopP = 0.9, Seed = 1 });
    /// Console.WriteLine($"{text.Text} ({text.StopReason})");
    /// Console.WriteLine($"perplexity {generator.Perplexity(["the old soup was lovely"]):0.00}");
    /// generator.Save("writer.safetensors");
    /// TextGenerator anywhere = TextGenerator.Load("writer.safetensors");                  // without ML.NET
    /// foreach (string piece in anywhere.GenerateStream("the warm")) Console.Write(piece);
    /// </code></example>
    public TextGeneratorEstimator TextGenerator(string textColumnName = "Text") => TextGenerator(new TextGeneratorOptions { TextColumnName = textColumnName });

    /// <summary>Trains a causal model on a column of texts as the options say.</summary>
    /// <param name="options">Columns, tokenizer, architecture and training.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>text</description></item>
    /// <item><term>LogLikelihood</term><description>Single: the natural logarithm of the text's probability, its end included</description></item>
    /// <item><term>Perplexity</term><description>Single: e^(-LogLikelihood / predicted tokens); not a number where all tokens are unknown and the end is cut</description></item>
    /// </list>
    /// The fitted transformer's Generator writes texts, and saves itself as a file that <see cref="MlAttention.TextGenerator.Load"/> opens without
    /// ML.NET. Both engines train it; it runs on the managed one, so what that does not cover is refused before training.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <exception cref="NotSupportedException">The managed engine cannot read the architecture token by token; the message says why.</exception>
    public TextGeneratorEstimator TextGenerator(TextGeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TextGeneratorEstimator(Environment, options);
    }
}
