using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Storage;
using MlAttention.Core.Objectives;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>The loss of many places at once against that of one vector, for 1 to 2,000 classes, with logits as large as 1,000.</summary>
public unsafe class CrossEntropyKernelTests
{
    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void Backward_AnyClasses_EqualsThatOfEachVector(int width) => Widths.Run(width, new EachLane());

    private sealed class EachLane : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            foreach (int classes in new[] { 1, 2, 5, 16, 61, 2000 })
                foreach (double smoothing in new[] { 0, 0.2 })
                    foreach (float scale in new[] { 0.1f, 5, 1000 }) Check<T>(classes, smoothing, scale);
        }

        /// <summary>Row 0 and those behind the classes hold what the products leave there; the last lane has no place.</summary>
        private static void Check<T>(int classes, double smoothing, float scale) where T : struct, ILanes<T>
        {
            int rows = TokenLayout<T>.Pad(classes + 2), n = T.Count;
            var random = new Random(classes);
            using var logits = new Floats(rows * n, random);
            for (int i = 0; i < logits.Count; i++) logits.Start[i] *= scale;
            float[] before = logits.Copy();
            int[] labels = [.. Enumerable.Range(0, n).Select(_ => random.Next(classes))];
            float[] factors = [.. Enumerable.Range(0, n).Select(lane => lane == n - 1 ? 0 : 0.5f + lane)], losses = new float[n];

            CrossEntropyKernels<T>.Backward(logits.Start, rows, first: 1, classes, labels, factors, smoothing, losses);

            float[] expected = new float[before.Length];
            for (int lane = 0; lane < n; lane++)
            {
                float[] one = [.. Enumerable.Range(1, classes).Select(row => before[row * n + lane])];
                double loss = CrossEntropy.Backward(one, labels[lane], factors[lane], smoothing);
                for (int c = 0; c < classes; c++) expected[(1 + c) * n + lane] = one[c];
                Assert.Equal(loss, losses[lane], 1e-6 * (1 + scale));
            }
            logits.AssertClose(at => expected[at], $"{classes} classes, smoothing {smoothing}, scale {scale}", 1e-5);
        }
    }
}
