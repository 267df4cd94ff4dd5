using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Storage;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>Softmax, its dropout and its gradient against plain loops, for 1 to 67 keys.</summary>
public unsafe class SoftmaxKernelTests
{
    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void Exponentials_AnyKeys_EqualPlainSoftmax(int width) => Widths.Run(width, new Forward());

    [Theory, MemberData(nameof(All))]
    public void DroppedExponentials_AnyKeys_MarkWhatTheyDropAndRepeat(int width) => Widths.Run(width, new Dropping());

    [Theory, MemberData(nameof(All))]
    public void Backward_AnyKeys_EqualsPlainGradient(int width) => Widths.Run(width, new Gradient());

    /// <summary>A strip of scores; minus infinity behind the last key and, in lane 0, everywhere.</summary>
    private static Floats Scores<T>(int keys, Random random) where T : struct, ILanes<T>
    {
        var scores = new Floats(TokenLayout<T>.Pad(keys) * T.Count, random);
        for (int i = 0; i < scores.Count; i++)
            scores.Start[i] = i / T.Count >= keys || i % T.Count == 0 ? float.NegativeInfinity : 20 * scores[i];
        return scores;
    }

    private sealed class Forward : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            for (int keys = 1; keys <= 67; keys++)
            {
                using var scores = Scores<T>(keys, new Random(keys));
                using var largest = new Floats(T.Count);
                using var sums = new Floats(T.Count);
                var old = scores.Copy();
                int rows = TokenLayout<T>.Pad(keys);

                T top = SoftmaxKernels<T>.Largest(scores.Start, rows);
                T.Store(top, largest.Start);
                T.Store(SoftmaxKernels<T>.Exponentials(scores.Start, rows, top), sums.Start);

                double Largest(int lane) => lane == 0 ? -1e30f : Enumerable.Range(0, keys).Max(key => old[key * T.Count + lane]);
                largest.AssertClose(Largest, $"{keys} keys, largest", 0);
                scores.AssertClose(at => Math.Exp(old[at] - Largest(at % T.Count)), $"{keys} keys, weights", 1e-6);
                sums.AssertClose(lane => Enumerable.Range(0, keys).Sum(key => Math.Exp(old[key * T.Count + lane] - Largest(lane))), $"{keys} keys, sums", 1e-6);
            }
        }
    }

    private sealed class Dropping : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int dropped = 0, all = 0;
            for (int keys = 1; keys <= 67; keys++)
            {
                int rows = TokenLayout<T>.Pad(keys);
                using var weights = Scores<T>(keys, new Random(keys));
                using var again = Scores<T>(keys, new Random(keys));
                using var plain = Scores<T>(keys, new Random(keys));
                using var kept = new Floats(rows * T.Count);
                using var sums = new Floats(2 * T.Count);
                RandomLanes<T> random = new((ulong)keys), same = new((ulong)keys);
                T largest = SoftmaxKernels<T>.Largest(plain.Start, rows);

                T.Store(SoftmaxKernels<T>.DroppedExponentials(again.Start, rows, largest, 0.25f, ref same, kept.Start), sums.Start);
                T.Store(SoftmaxKernels<T>.DroppedExponentials(weights.Start, rows, largest, 0.25f, ref random, kept.Start), sums.Start);
                T.Store(SoftmaxKernels<T>.Exponentials(plain.Start, rows, largest), sums.Start + T.Count);

                weights.AssertClose(at => again[at], "the same stream", 0);
                weights.AssertClose(at => float.IsNegative(weights[at]) ? -plain[at] : plain[at], "weights", 0);
                kept.AssertClose(at => float.IsNegative(weights[at]) ? 0 : plain[at], "kept", 0);
                sums.AssertClose(at => sums[at % T.Count + T.Count], "sums", 0);
                dropped += weights.Copy().Count(float.IsNegative);
                all += weights.Count;
            }
            Assert.Equal(0.25, (double)dropped / all, 5 * Math.Sqrt(0.25 * 0.75 / all));
        }
    }

    private sealed class Gradient : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            for (int keys = 1; keys <= 67; keys++)
            {
                int rows = TokenLayout<T>.Pad(keys);
                var random = new Random(keys);
                using var signed = new Floats(rows * T.Count, random);
                using var plain = new Floats(rows * T.Count);
                using var dSigned = new Floats(rows * T.Count, random);
                using var dPlain = new Floats(rows * T.Count);
                using var kept = new Floats(rows * T.Count);
                for (int i = 0; i < plain.Count; i++) (plain.Start[i], dPlain.Start[i]) = (Math.Abs(signed[i]), dSigned[i]);
                float[] marks = signed.Copy(), dWeights = dSigned.Copy();
                T delta = T.Index * T.Create(0.1f);

                SoftmaxKernels<T>.Backward(plain.Start, dPlain.Start, rows, delta);
                SoftmaxKernels<T>.BackwardDropped(signed.Start, dSigned.Start, rows, delta, kept.Start);

                dPlain.AssertClose(at => Math.Abs(marks[at]) * (dWeights[at] - 0.1 * (at % T.Count)), "without dropout", 1e-6);
                dSigned.AssertClose(at => Math.Abs(marks[at]) * ((marks[at] > 0 ? dWeights[at] : 0) - 0.1 * (at % T.Count)), "with dropout", 1e-6);
                kept.AssertClose(at => Math.Max(marks[at], 0), "kept", 0);
            }
        }
    }
}
