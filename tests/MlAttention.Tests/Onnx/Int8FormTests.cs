using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using MlAttention.Onnx.Graphs;
using MlAttention.Onnx.Network;
using MlAttention.Onnx.Precision;
using Onnx;

namespace MlAttention.Tests.Onnx;

/// <summary>Linear maps and token vectors in 8 bits, against the formulas in float64.</summary>
public sealed class Int8FormTests
{
    private const int Rows = 3, Inputs = 5, Outputs = 7;

    private readonly Random _random = new(11);

    [Fact]
    public void Linear_AnyInput_IsTheProductOfRoundedNumbers()
    {
        float[] x = Numbers(Rows * Inputs), weight = Numbers(Outputs * Inputs), bias = Numbers(Outputs);
        var graph = new GraphBuilder("linear");
        var input = graph.Input("x", TensorProto.Types.DataType.Float, "rows", "inputs");
        graph.Output("y", new Int8Form(graph).Linear(input, new("W", [Outputs, Inputs], weight), new("b", [Outputs], bias)), "rows", Outputs);

        using var given = OrtValue.CreateTensorValueFromMemory(x, [Rows, Inputs]);
        float[] y = Run(graph, "x", given);

        double[] rounded = DynamicallyQuantized(x);
        for (int row = 0; row < Rows; row++)
        {
            for (int output = 0; output < Outputs; output++)
            {
                double expected = bias[output], factor = Enumerable.Range(0, Inputs).Max(i => Math.Abs(weight[output * Inputs + i])) / 63.0;
                for (int i = 0; i < Inputs; i++) expected += rounded[row * Inputs + i] * Math.Round(weight[output * Inputs + i] / factor) * factor;
                Assert.Equal(expected, y[row * Outputs + output], 1e-5);
            }
        }
    }

    [Fact]
    public void Rows_AnyId_AreTheTablesToHalfAStep()
    {
        float[] table = Numbers(Outputs * Inputs);
        for (int i = 0; i < Inputs; i++) table[2 * Inputs + i] = 0;             // a row of zeros has no largest value
        var graph = new GraphBuilder("rows");
        var input = graph.Input("ids", TensorProto.Types.DataType.Int64, "batch", "tokens");
        graph.Output("vectors", new Int8Form(graph).Rows(new("E", [Outputs, Inputs], table), input), "batch", "tokens", Inputs);

        using var ids = OrtValue.CreateTensorValueFromMemory(new long[] { 6, 2, 0 }, [1, 3]);
        float[] vectors = Run(graph, "ids", ids);

        foreach (var (place, row) in new[] { 6, 2, 0 }.Index())
        {
            double step = Enumerable.Range(0, Inputs).Max(i => Math.Abs(table[row * Inputs + i])) / 127.0;
            for (int i = 0; i < Inputs; i++) Assert.InRange(Math.Abs(vectors[place * Inputs + i] - table[row * Inputs + i]), 0, 0.5001 * step);
        }
    }

    /// <summary>What DynamicQuantizeLinear makes of a tensor: its values rounded to 256 steps from the least, or 0, to the largest, or 0.</summary>
    private static double[] DynamicallyQuantized(float[] x)
    {
        double least = Math.Min(0, x.Min()), factor = (Math.Max(0, x.Max()) - least) / 255, zero = Math.Round(-least / factor);
        return [.. x.Select(value => (Math.Clamp(Math.Round(value / factor) + zero, 0, 255) - zero) * factor)];
    }

    private float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 4 * _random.NextSingle() - 2)];

    private static float[] Run(GraphBuilder graph, string input, OrtValue value)
    {
        var model = new ModelProto { IrVersion = ClassifierGraph.IrVersion, Graph = graph.Graph, OpsetImport = { new OperatorSetIdProto { Version = ClassifierGraph.Opset } } };
        using var session = new InferenceSession(model.ToByteArray());
        using var run = new RunOptions();
        using var outputs = session.Run(run, [input], [value], [.. session.OutputNames]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
