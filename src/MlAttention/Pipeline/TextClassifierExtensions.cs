using MlAttention.Pipeline.Classification;
using MlAttention.Serving;

namespace Microsoft.ML;

/// <summary>Saves models for scoring without ML.NET.</summary>
public static class TextClassifierExtensions
{
    /// <summary>
    /// Writes a fitted pipeline as a text classifier: one safetensors file that <see cref="TextClassifier.Load"/> opens without ML.NET.
    /// </summary>
    /// <param name="catalog">mlContext.Model.</param>
    /// <param name="model">
    /// A pipeline of TokenizeSequence and the attention classifier, with MapValueToKey and MapKeyToValue for the label, loaded or just fitted.
    /// </param>
    /// <param name="filePath">The file; an existing one is replaced.</param>
    /// <exception cref="ArgumentException">The pipeline has other parts, which the text classifier would leave out; the message names one.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture; the message says why.</exception>
    public static void SaveTextClassifier(this ModelOperationsCatalog catalog, ITransformer model, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        var parts = TextPipeline.Parts(model);
        _ = new TextClassifier(parts); // what could not be loaded is not written
        TextClassifierFile.Write(filePath, parts);
    }
}
