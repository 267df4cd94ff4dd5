using MlAttention.Onnx.Files;

namespace MlAttention;

/// <summary>Writes text classifiers as ONNX, without ML.NET, native libraries or ONNX Runtime.</summary>
/// <remarks>
/// Inputs: input_ids and attention_mask, int64 [batch,tokens], both sizes free and at least 1; padding stands on the right and has mask 0.
/// An id is a token's place in the vocabulary, from 0; that of a token that is not there is the vocabulary's size. Of a pretrained
/// tokenizer these are Hugging Face's ids.
/// Outputs: logits and probabilities, float32 [batch,classes]; of token labels [batch,tokens,classes]; of a number its logit alone.
/// Operators: ONNX 1.12 (opset 17). The metadata has the labels, the tokenizer and the longest text; docs/ONNX.md tells the names.
/// </remarks>
public static class OnnxFile
{
    /// <summary>Writes a text classifier's file as ONNX.</summary>
    /// <param name="textClassifierPath">A file that mlContext.Model.SaveTextClassifier or <c>mlattention export</c> wrote.</param>
    /// <param name="path">The ONNX file; an existing one is replaced.</param>
    /// <param name="options">How it is written; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no text classifier's file.</exception>
    /// <exception cref="InvalidDataException">The text classifier's file is damaged.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture, or the precision cannot hold the weights; the message says what.</exception>
    public static void FromTextClassifier(string textClassifierPath, string path, OnnxOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(textClassifierPath);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(textClassifierPath)) throw new FileNotFoundException($"{textClassifierPath}: there is no such file.", textClassifierPath);
        var parts = TextClassifierFile.Read(textClassifierPath);
        try
        {
            OnnxModelFile.Write(path, parts, options);
        }
        catch (ArgumentException exception) when (options is null || Enum.IsDefined(options.Precision))
        {
            throw new InvalidDataException($"{textClassifierPath}: {exception.Message}", exception);
        }
    }
}
