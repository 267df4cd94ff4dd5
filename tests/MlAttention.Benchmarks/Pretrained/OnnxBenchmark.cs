using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Tests.Pretrained;
using MlAttention.Torch.Engine;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>MiniLM in both engines beside ONNX Runtime, over all the texts of which the tests take some.</summary>
internal sealed class OnnxBenchmark : IBenchmark
{
    public string Verb => "onnx";

    public string Summary => $"largest difference between MiniLM here and in ONNX Runtime, over {OnnxComparison.Texts} texts of 1 to {OnnxComparison.Longest} tokens";

    public int Run(IReadOnlyList<string> arguments)
    {
        using var comparison = new OnnxComparison();
        Print($"{comparison.Lengths.Count()} texts of {comparison.Lengths.Min()} to {comparison.Lengths.Max()} tokens, {comparison.Lengths.Average():0} on average; allowed {OnnxComparison.Tolerance:0.0e-0}");
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
