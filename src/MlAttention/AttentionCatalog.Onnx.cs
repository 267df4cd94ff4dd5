using MlAttention;
using MlAttention.Core.Text;
using MlAttention.Onnx.Files;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Turns texts into the inputs of an ONNX model that <c>mlContext.Model.SaveOnnx</c> wrote, for ML.NET's ApplyOnnxModel.</summary>
    /// <param name="modelPath">The ONNX file, whose metadata has the tokenizer and the longest text.</param>
    /// <param name="inputColumnName">The column with the text; null for the one, or for the several, that the model's pipeline reads.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>text</description></item>
    /// <item><term>input_ids (output)</term><description>variable vector of Int64</description></item>
    /// <item><term>attention_mask (output)</term><description>variable vector of Int64: 1 for each token; a text without tokens has one id with 0</description></item>
    /// </list>
    /// Nothing is learned from the data. Texts are cut as the model's pipeline cuts them.
    /// </remarks>
    /// <exception cref="NotSupportedException">The model labels words.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or not an ONNX file that MlAttention wrote.</exception>
    public SequenceTokenizingEstimator TokenizeForOnnx(string modelPath, string? inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        var parts = OnnxModelFile.ReadParts(modelPath);
        if (parts.Architecture.Task == TaskKind.TokenLabels)
            throw new NotSupportedException($"{modelPath}: labels words that are given one by one, and TokenizeForOnnx reads whole texts. Make the ids with TokenizeWords: a key - 1 is the id.");
        var options = parts.Tokenizer with { Columns = TokenColumns.OnnxInputs };
        if (inputColumnName is not null) options = options with { InputColumnName = inputColumnName };
        return new SequenceTokenizingEstimator(Environment, options, new Vocabulary(parts.Vocabulary), parts.Architecture.Cut);
    }
}
