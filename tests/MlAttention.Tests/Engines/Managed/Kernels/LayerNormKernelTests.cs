using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Storage;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>Layer norm and its gradient against plain loops, for 1 to 67 features.</summary>
public unsafe class LayerNormKernelTests
{
    private const float Epsilon = 1e-3f;

    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void ForwardAndBackward_AnyWidth_EqualPlainLoops(int width) => Widths.Run(width, new Check());

    private sealed class Check : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            for (int width = 1; width <= 67; width++)
            {
                int padded = TokenLayout<T>.Pad(width), blocks = 1 + width % 3;
                var random = new Random(width);
                using var x = new Floats(blocks * padded * n, random);
                using var gain = new Floats(width, random);
                using var bias = new Floats(width, random);
                using var normalized = new Floats(blocks * padded * n);
                using var inverse = new Floats(blocks * n);
                using var y = new Floats(blocks * padded * n, random);
                using var dy = new Floats(blocks * padded * n, random);
                using var gradient = new Floats(2 * width * n, random);
                using var dx = new Floats(blocks * padded * n, random);
                float[] oldGradient = gradient.Copy(), oldDx = dx.Copy();

                var norm = new LayerNorm
                {
                    Blocks = blocks,
                    Width = width,
                    PaddedWidth = padded,
                    Epsilon = Epsilon,
                    Gain = gain.Start,
                    Bias = bias.Start,
                    Normalized = normalized.Start,
                    InverseDeviation = inverse.Start,
                };
                LayerNormKernels<T>.Forward(norm, x.Start, y.Start);
                bool accumulate = width % 2 == 0;
                LayerNormKernels<T>.Backward(norm, dy.Start, gradient.Start, dx.Start, accumulate);

                int Feature(int at) => at / n % padded;
                double[] Token(Floats values, int at) => [.. Enumerable.Range(0, width).Select(i => (double)values[(at / (padded * n) * padded + i) * n + at % n])];
                double Deviation(int at) => Math.Sqrt(Token(x, at).Select(value => Math.Pow(value - Token(x, at).Average(), 2)).Average() + Epsilon);
                double Hat(int at) => (x[at] - Token(x, at).Average()) / Deviation(at);
                y.AssertClose(at => Feature(at) >= width ? 0 : Hat(at) * gain[Feature(at)] + bias[Feature(at)], $"width {width}, y");

                double Expected(int at)
                {
                    if (Feature(at) >= width) return accumulate ? oldDx[at] : 0;
                    double[] g = [.. Token(dy, at).Select((d, i) => d * gain[i])], hats = Token(normalized, at);
                    double value = (g[Feature(at)] - g.Average() - Hat(at) * g.Select((d, i) => d * hats[i]).Average()) / Deviation(at);
                    return accumulate ? oldDx[at] + value : value;
                }
                dx.AssertClose(Expected, $"width {width}, dx", 1e-4);
                gradient.AssertClose(at =>
                {
                    int feature = at / n % width, lane = at % n;
                    var tokens = Enumerable.Range(0, blocks).Select(block => (block * padded + feature) * n + lane);
                    return oldGradient[at] + tokens.Sum(token => at < width * n ? dy[token] * (double)normalized[token] : dy[token]);
                }, $"width {width}, gradient");
            }
        }
    }
}
