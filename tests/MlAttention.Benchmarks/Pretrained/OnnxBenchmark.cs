using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Tests.Pretrained;
using MlAttention.Torch.Engine;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>An encoder in both engines beside ONNX Runtime, over all the texts of which the tests take some.</summary>
internal sealed class OnnxBenchmark : IBenchmark
{
    public string Verb => "onnx";

    public string Summary => $"largest difference between an encoder here and in ONNX Runtime, over {OnnxComparison.Texts} texts of 1 to {OnnxComparison.Longest} tokens; of MiniLM, or of <folder> <assembly with its model.onnx>";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count is not (0 or 2)) throw new BenchmarkException("onnx takes nothing, or a folder and the assembly that carries its ONNX model.");
        using var comparison = new OnnxComparison(every: 1, arguments.ElementAtOrDefault(0), arguments.ElementAtOrDefault(1));
        Print($"{comparison.Encoder.Name}, pooling {comparison.Encoder.Architecture.Pooling}: {comparison.Lengths.Count()} texts of {comparison.Lengths.Min()} to {comparison.Lengths.Max()} tokens, {comparison.Lengths.Average():0} on average; allowed {OnnxComparison.Tolerance:0.0e-0}");
        bool close = true;
        foreach (var engine in new IEngineProvider[] { new ManagedEngineProvider(), new TorchSharpProvider() })
        {
            double hidden = comparison.OfHiddenStates(engine), vectors = comparison.OfVectors(engine);
            close &= hidden <= OnnxComparison.Tolerance && vectors <= OnnxComparison.Tolerance;
            Print($"{engine.Kind,-10} last hidden state {hidden:0.0e-0} of the largest value, vectors {vectors:0.0e-0}");
        }
        return close ? 0 : 1;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
