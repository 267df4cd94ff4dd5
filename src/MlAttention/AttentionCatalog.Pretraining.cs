using MlAttention;
using MlAttention.Core.Training;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    private const string PretrainingHost = "PretrainEncoder";

    /// <summary>Pre-trains an encoder on texts without labels: it learns to tell hidden words from what stands around them (Devlin et al. 2019).</summary>
    /// <param name="texts">The texts; other columns are not read.</param>
    /// <param name="options">What is trained, from nothing or going on from an encoder, and how.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>text (input)</term><description>text; empty ones are left out and counted</description></item>
    /// </list>
    /// From nothing it is BERT's architecture at the size of the options, with a vocabulary learned from the texts. Both engines train it. Held-out
    /// texts, whose masks stay the same, choose the epoch; <see cref="PretrainedEncoder.Pretraining"/> has their perplexity before and after. The
    /// encoder starts a classifier (<see cref="PretrainedClassifier(PretrainedEncoder, string, string, int?)"/>), embeds texts, and is written with
    /// <see cref="PretrainedEncoder.SaveHuggingFace"/>. Progress, early end, checkpoints and going on from them are those of <see cref="TrainingOptions"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range, there is no text, or the encoder's tokenizer has no mask token; the message says what.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has another type.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    /// <example><code source="PretrainEncoder_FromNothing">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView texts = attention.LoadCsv(new CsvOptions { LabelColumn = null }, "reviews.csv");     // labels are not read
    /// PretrainedEncoder encoder = attention.PretrainEncoder(texts, new PretrainingOptions { ModelWidth = 32, Layers = 1 });
    /// Console.WriteLine($"perplexity {encoder.Pretraining!.PerplexityBefore:0.0} -&gt; {encoder.Pretraining.Perplexity:0.0}");
    /// encoder.SaveHuggingFace("my-encoder");                      // transformers opens it as BertForMaskedLM
    /// </code></example>
    public PretrainedEncoder PretrainEncoder(IDataView texts, PretrainingOptions options, string textColumnName = "Text")
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ColumnRequirement.Text("text", textColumnName).Check(texts.Schema);
        var host = Environment.Register(PretrainingHost);
        using var channel = host.Start("Fit");
        var fit = new TrainingFit(channel, host.Rand.Next(), new ContextCancellation(Environment));
        var pretrainer = new EncoderPretrainer(options with { Training = fit.Seeded(options.Training) }, SequenceEngines.Factory)
        {
            Log = fit.Log,
            Warn = fit.Warn,
            ThrowIfCancelled = fit.ThrowIfCancelled,
        };
        return pretrainer.Train([.. texts.GetColumn<string>(textColumnName).Select(text => text ?? "")]);
    }
}
