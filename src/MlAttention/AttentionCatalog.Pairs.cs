using MlAttention;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Trains an encoder-decoder on pairs of texts, such as a sentence and its translation: it writes a text for each text. Runs on TorchSharp alone.</summary>
    /// <param name="outputColumnName">The column with the text that is written.</param>
    /// <param name="sourceColumnName">The column with the text that is read.</param>
    /// <param name="targetColumnName">The column with the text that is to be written.</param>
    /// <param name="epochs">Passes over the training rows, at most.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>source (input)</term><description>text</description></item>
    /// <item><term>target (input of Fit alone)</term><description>text</description></item>
    /// <item><term>output</term><description>text</description></item>
    /// </list>
    /// <list type="table">
    /// <listheader><term>Trainer characteristics</term><description></description></listheader>
    /// <item><term>Machine learning task</term><description>sequence to sequence</description></item>
    /// <item><term>Is normalization required?</term><description>no</description></item>
    /// <item><term>Is caching required?</term><description>no: the data is read once for each vocabulary and once into memory</description></item>
    /// <item><term>Exportable to ONNX</term><description>no</description></item>
    /// </list>
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public SequenceToSequenceEstimator SequenceToSequence(string outputColumnName, string sourceColumnName = "Source", string targetColumnName = "Target", int epochs = TrainingOptions.DefaultEpochs)
    {
        var options = new SequenceToSequenceOptions();
        return SequenceToSequence(options with
        {
            OutputColumnName = outputColumnName,
            SourceColumnName = sourceColumnName,
            TargetColumnName = targetColumnName,
            Training = options.Training with { Epochs = epochs },
        });
    }

    /// <inheritdoc cref="SequenceToSequence(string, string, string, int)"/>
    /// <param name="options">Columns, texts, architecture, training, decoding.</param>
    public SequenceToSequenceEstimator SequenceToSequence(SequenceToSequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SequenceToSequenceEstimator(Environment, options);
    }
}
