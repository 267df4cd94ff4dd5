using System.Diagnostics;

namespace MlAttention.Pipeline;

/// <summary>Refuses ML.NET's ConvertToOnnx, which would leave this library's components out of the graph without a word.</summary>
/// <remarks>
/// ML.NET asks an interface of its own, closed to outsiders, whether a component can be exported. A component that it cannot ask becomes
/// the graph's input: the file would take scores and give them back. What an outsider sees of an export is who calls Transform.
/// </remarks>
internal static class OnnxExport
{
    private const string Converter = "Microsoft.ML.OnnxConverter, ";

    /// <exception cref="NotSupportedException">The converter is calling.</exception>
    public static void Refuse(string component)
    {
        if (new StackTrace().GetFrames().Any(IsConverters))
            throw new NotSupportedException($"ConvertToOnnx cannot export {component}: ML.NET asks components through an interface that only its own can implement, and would write a graph without the model. Save the model with mlContext.Model.Save, its text classifier with mlContext.Model.SaveTextClassifier, or its weights with SaveWeights.");
    }

    private static bool IsConverters(StackFrame frame) =>
        DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName.StartsWith(Converter, StringComparison.Ordinal) == true;
}
