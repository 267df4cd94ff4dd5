using System.Globalization;

namespace MlAttention.Benchmarks.Attention;

/// <summary>docs/COMPLEXITY.md from the results of all parts.</summary>
internal static class AttentionPage
{
    /// <param name="parts">The series of each algorithm by its name, in the order of the columns.</param>
    /// <param name="checkpointing">All intermediate tensors kept, then checkpointed.</param>
    public static string Write(IReadOnlyList<KeyValuePair<string, AttentionSeries>> parts, AttentionSeries checkpointing)
    {
        var series = parts.Select(part => part.Value).Append(checkpointing).ToList();
        var measured = parts.Append(new("checkpointing", checkpointing)).Select(part => FormattableString.Invariant($"{part.Key} {part.Value.Measured} UTC ({part.Value.ProductSpeed:F0})"));
        var (plain, light) = (checkpointing.Points[0], checkpointing.Points[1]);
        return string.Join('\n',
            "# How time and memory of attention grow",
            "",
            "To measure again: `dotnet build -c Release tests/MlAttention.Benchmarks`, then the built program with `attention <part>` for each part, and `attention page docs/COMPLEXITY.md`. A part takes about a minute; results stay in artifacts/benchmarks.",
            "",
            FormattableString.Invariant($"One forward and backward pass over n tokens, batch 1, {Workload.Heads} heads of width {Workload.HeadWidth}, window radius {Workload.WindowRadius}, blocks of 256, 64 random features, float32, one thread; each figure from a process of its own. Time is processor time, the least of five batches of passes; extra memory is the peak of the process during its first pass minus what it held before. Exponents are least squares of log(figure) on log(n) over all lengths."),
            "",
            $"Machine: {string.Join("; ", series.Select(part => part.Machine).Distinct())}. Measured, with the GFLOP/s of a 512x512 matrix product before: {string.Join("; ", measured)}.",
            "",
            "Full attention is libtorch's fused kernel here: it works through blocks with a running softmax, as chunked attention does, and keeps no n x n matrix. Scores and positions that it does not cover, and attention weights that are asked for, form the matrix, and then memory grows with n². Beside recurrent and convolutional encoders attention stands in [COMPARISON.md](COMPARISON.md).",
            "",
            Table("Time (ms)", parts, point => point.Milliseconds),
            Table("Extra memory (MB)", parts, point => point.Megabytes),
            "## Gradient checkpointing",
            "",
            FormattableString.Invariant($"An encoder of {Workload.EncoderLayers} layers, width 64, 4 heads, batch 4, n = {plain.Length}: `GradientCheckpointing` computes each layer again in the backward pass."),
            "",
            "| | time (ms) | extra memory (MB) |",
            "|---|---|---|",
            $"| all intermediate tensors kept | {Figure(plain.Milliseconds)} | {Figure(plain.Megabytes)} |",
            $"| checkpointed | {Figure(light.Milliseconds)} | {Figure(light.Megabytes)} |",
            $"| ratio | {Figure(light.Milliseconds / plain.Milliseconds)} | {Figure(light.Megabytes / plain.Megabytes)} |",
            "");
    }

    private static string Table(string title, IReadOnlyList<KeyValuePair<string, AttentionSeries>> parts, Func<AttentionPoint, double> figure)
    {
        var exponents = parts.Select(part => Exponent(part.Value.Points, figure).ToString("F2", CultureInfo.InvariantCulture));
        return string.Join('\n',
            $"## {title}",
            "",
            $"| n | {string.Join(" | ", parts.Select(part => part.Key))} |",
            $"|---{string.Concat(parts.Select(_ => "|---"))}|",
            string.Join('\n', parts[0].Value.Points.Select((point, i) =>
                FormattableString.Invariant($"| {point.Length} | {string.Join(" | ", parts.Select(part => Figure(figure(part.Value.Points[i]))))} |"))),
            $"| exponent | {string.Join(" | ", exponents)} |",
            "");
    }

    /// <summary>The slope of the least-squares line through (log n, log figure).</summary>
    private static double Exponent(IReadOnlyList<AttentionPoint> points, Func<AttentionPoint, double> figure)
    {
        var (x, y) = (points.Select(point => Math.Log(point.Length)).ToArray(), points.Select(point => Math.Log(figure(point))).ToArray());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y).Sum(pair => (pair.First - meanX) * (pair.Second - meanY)) / x.Sum(value => (value - meanX) * (value - meanX));
    }

    private static string Figure(double figure) => figure.ToString(figure < 10 ? "F2" : figure < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
