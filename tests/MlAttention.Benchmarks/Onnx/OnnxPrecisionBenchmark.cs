using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace MlAttention.Benchmarks.Onnx;

/// <summary>What a saved classifier loses as ONNX in each precision: size, accuracy, changed labels and probabilities, time of one text on one thread.</summary>
internal sealed class OnnxPrecisionBenchmark : IBenchmark
{
    private readonly MLContext _context = new(seed: 1);

    public string Verb => "onnx-precision";

    public string Summary => "<model.zip> <test.csv>: size, accuracy, changed labels and milliseconds a text of the model as ONNX in each precision; the CSV has the columns Text and Label";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count != 2) throw new BenchmarkException($"{Verb}: {Summary}");
        var model = _context.Model.LoadAttention(arguments[0], out _);
        var data = _context.Attention().LoadCsv(arguments[1]);
        string[] labels = [.. data.GetColumn<string>("Label")];
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")];
        var folder = Directory.CreateTempSubdirectory("onnx-precision-");
        try
        {
            Print($"{labels.Length} texts");
            foreach (var precision in Enum.GetValues<OnnxPrecision>())
            {
                string path = Path.Combine(folder.FullName, $"{precision}.onnx");
                _context.Model.SaveOnnx(model, path, new OnnxOptions { Precision = precision });
                Measure(precision, path, data, labels, expected);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private void Measure(OnnxPrecision precision, string path, IDataView data, string[] labels, float[][] expected)
    {
        long[][] ids = [.. _context.Attention().TokenizeForOnnx(path).Fit(data).Transform(data).GetColumn<long[]>("input_ids")];
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(path, options);
        string[] names = System.Text.Json.JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["mlattention.labels"])!;
        Run(session, ids[0]);
        var watch = Stopwatch.StartNew();
        float[][] scored = [.. ids.Select(row => Run(session, row))];
        double milliseconds = watch.Elapsed.TotalMilliseconds / ids.Length;
        int right = scored.Zip(labels).Count(pair => names[Best(pair.First)] == pair.Second), rightBefore = expected.Zip(labels).Count(pair => names[Best(pair.First)] == pair.Second);
        int changed = scored.Zip(expected).Count(pair => Best(pair.First) != Best(pair.Second));
        double[] differences = [.. scored.Zip(expected, (ours, theirs) => ours.Zip(theirs, (a, b) => (double)Math.Abs(a - b)).Max())];
        Print($"{precision,-8} {new FileInfo(path).Length / 1e6,7:0.00} MB  accuracy {100.0 * right / labels.Length:0.00} % (pipeline {100.0 * rightBefore / labels.Length:0.00} %), {changed} labels changed, probability differs by {differences.Average():0.0e-0} on average, {differences.Max():0.0e-0} at most, {milliseconds:0.00} ms a text");
    }

    private static float[] Run(InferenceSession session, long[] ids)
    {
        long[] shape = [1, ids.Length];
        using var tokens = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var mask = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, ids.Length).ToArray(), shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, ["input_ids", "attention_mask"], [tokens, mask], ["probabilities"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static int Best(float[] row) => Array.IndexOf(row, row.Max());

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
