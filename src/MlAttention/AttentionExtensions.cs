using MlAttention;
using MlAttention.Onnx.Files;

namespace Microsoft.ML;

/// <summary>What MlAttention adds to ML.NET's own entry points: <c>mlContext.Attention()</c>, and loading and exporting on <c>mlContext.Model</c>.</summary>
public static class AttentionExtensions
{
    /// <summary>The catalog of attention components: CSV loading, tokenizing, layers, classifiers and the ordering ablation.</summary>
    /// <param name="mlContext">The context whose log and seed the components use.</param>
    /// <example><code source="Attention_Context_GivesTheCatalog">
    /// AttentionCatalog attention = new MLContext(seed: 1).Attention();
    /// </code></example>
    public static AttentionCatalog Attention(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new AttentionCatalog(mlContext);
    }

    /// <summary>Loads a model that was saved with <c>mlContext.Model.Save</c>, with MlAttention's components in it, in nested chains too.</summary>
    /// <param name="catalog">mlContext.Model.</param>
    /// <param name="filePath">The model file, an ordinary ML.NET zip.</param>
    /// <param name="inputSchema">The schema of the data that the model was trained on.</param>
    /// <param name="context">
    /// The context whose log is told of rows that the model cuts to its maximum length. Null tells nobody: ML.NET keeps a catalog's
    /// context to itself. The transformers' <see cref="SequenceTransformer.TruncatedRows"/> counts them in any case.
    /// </param>
    /// <returns>The model. A file without MlAttention's components loads as with <c>Model.Load</c>.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, was saved by another version, or is no ML.NET model.</exception>
    public static ITransformer LoadAttention(this ModelOperationsCatalog catalog, string filePath, out DataViewSchema inputSchema, MLContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        return ModelFile.Load(catalog, filePath, state => ComponentRegistry.Open(state, context), out inputSchema);
    }

    /// <inheritdoc cref="LoadAttention(ModelOperationsCatalog, string, out DataViewSchema, MLContext?)"/>
    /// <param name="catalog">mlContext.Model.</param>
    /// <param name="stream">The model file's content, an ordinary ML.NET zip; left open. As with <c>Model.Load</c>, a stream that can seek is read from its first byte, another one from where it stands.</param>
    /// <param name="inputSchema">The schema of the data that the model was trained on.</param>
    /// <param name="context"><inheritdoc cref="LoadAttention(ModelOperationsCatalog, string, out DataViewSchema, MLContext?)" path="/param[@name='context']/node()"/></param>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public static ITransformer LoadAttention(this ModelOperationsCatalog catalog, Stream stream, out DataViewSchema inputSchema, MLContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead) throw new ArgumentException("The stream cannot be read: it is closed, or was opened for writing alone.", nameof(stream));
        return ModelFile.Load(catalog, stream, "The model stream", state => ComponentRegistry.Open(state, context), out inputSchema);
    }

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

    /// <summary>
    /// Writes a fitted pipeline as ONNX: one file that ONNX Runtime opens in any language, with the labels and the tokenizer in its metadata.
    /// </summary>
    /// <remarks><inheritdoc cref="OnnxFile" path="/remarks/node()"/></remarks>
    /// <param name="catalog">mlContext.Model.</param>
    /// <param name="model">
    /// A pipeline of TokenizeSequence and the attention classifier, with MapValueToKey and MapKeyToValue for the label, loaded or just fitted.
    /// </param>
    /// <param name="filePath">The file; an existing one is replaced.</param>
    /// <param name="options">How it is written; null for the defaults.</param>
    /// <exception cref="ArgumentException">The pipeline has other parts, which the file would leave out, or an option is out of range; the message names it.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture, the precision cannot hold the weights, or the tokenizer has no files; the message says what.</exception>
    public static void SaveOnnx(this ModelOperationsCatalog catalog, ITransformer model, string filePath, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        OnnxModelFile.Write(filePath, TextPipeline.Parts(model, "an ONNX file"), options);
    }

    /// <summary>
    /// Writes a fine-tuned pipeline as a Hugging Face folder: config.json with the labels, model.safetensors with transformers' names, and the
    /// tokenizer's files. <see cref="PretrainedEncoder.Load(string)"/> reads it again, equal to the bit.
    /// </summary>
    /// <param name="catalog">mlContext.Model.</param>
    /// <param name="model">
    /// A pipeline of PretrainedClassifier, or of TokenizeSequence with a pretrained tokenizer and the attention classifier, with MapValueToKey
    /// and MapKeyToValue for the label, loaded or just fitted.
    /// </param>
    /// <param name="folder">The folder; made where there is none.</param>
    /// <exception cref="ArgumentException">The classifier was not fine-tuned from a pretrained encoder, or the pipeline has other parts; the message names one.</exception>
    /// <exception cref="NotSupportedException">The tokenizer was made around another one, and has no files.</exception>
    /// <exception cref="IOException">The folder has other files.</exception>
    /// <example><code source="SaveHuggingFace_FromAPipeline">
    /// mlContext.Model.SaveHuggingFace(model, "reviews-encoder");          // config.json, model.safetensors, the tokenizer's files
    /// PretrainedEncoder fineTuned = PretrainedEncoder.Load("reviews-encoder");
    /// TextClassifier classifier = TextClassifier.FromPretrained(fineTuned);       // its head and labels come along
    /// Console.WriteLine(classifier.Predict("not bad at all").Label);
    /// </code></example>
    public static void SaveHuggingFace(this ModelOperationsCatalog catalog, ITransformer model, string folder)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        TextPipeline.Encoder(model, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))).SaveHuggingFace(folder);
    }
}
