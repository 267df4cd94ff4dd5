using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>Activations, dropout and residual sums against plain loops, and their gradients against finite differences.</summary>
public unsafe class ActivationKernelTests
{
    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void Dropout_ForwardBackwardAndResidual_UseOneMask(int width) => Widths.Run(width, new OneMask());

    [Theory, MemberData(nameof(All))]
    public void Activation_AnyKind_MatchesFormulaAndFiniteDifferences(int width) => Widths.Run(width, new Formula());

    private sealed class OneMask : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            var dropout = new Dropout(0.2, seed: 5, chunk: 3);
            for (int pairs = 1; pairs <= 67; pairs++)
            {
                int count = 2 * pairs * T.Count;
                using var ones = new Floats(count);
                new Span<float>(ones.Start, count).Fill(1);
                using var x = new Floats(count, new Random(pairs));
                using var residual = new Floats(count, new Random(-pairs));
                using var mask = new Floats(count);
                using var dropped = new Floats(count);
                using var sum = new Floats(count);

                DropoutKernels<T>.Apply(ones.Start, count, dropout, 1, 2, mask.Start);
                DropoutKernels<T>.Apply(x.Start, count, dropout, 1, 2, dropped.Start);
                DropoutKernels<T>.AddResidual(residual.Start, x.Start, count, dropout, 1, 2, sum.Start);

                mask.AssertClose(at => mask[at] == 0 ? 0 : 1.25, "mask", 1e-6);
                dropped.AssertClose(at => x[at] * (double)mask[at], "dropped", 1e-6);
                sum.AssertClose(at => residual[at] + x[at] * (double)mask[at], "sum", 1e-6);
                if (pairs < 67) continue;
                Assert.Equal(0.2, mask.Copy().Count(value => value == 0) / (double)count, 5 * Math.Sqrt(0.16 / count));
                DropoutKernels<T>.Apply(ones.Start, count, dropout, 1, 3, dropped.Start);
                Assert.NotEqual(mask.Copy(), dropped.Copy());
            }
        }
    }

    private sealed class Formula : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int count = 2 * T.Count;
            foreach (var kind in Enum.GetValues<ActivationKind>())
                foreach (double probability in new[] { 0, 0.3 })
                    for (int size = 1; size <= 67; size++, count = 2 * size * T.Count) Check<T>(kind, probability, count);
        }

        private static void Check<T>(ActivationKind kind, double probability, int count) where T : struct, ILanes<T>
        {
            var dropout = new Dropout(probability, seed: 5, chunk: 3);
            using var x = new Floats(count, new Random(count));
            for (int i = 0; i < count; i++) x.Start[i] *= 4;
            using var hidden = new Floats(count);
            using var y = new Floats(count);
            using var dy = new Floats(count, new Random(-count));
            using var mask = new Floats(count);
            var upstream = dy.Copy();
            new Span<float>(mask.Start, count).Fill(1);
            DropoutKernels<T>.Apply(mask.Start, count, dropout, DropoutSite.Hidden, 1, mask.Start);
            x.Copy().CopyTo(new Span<float>(hidden.Start, count));

            ActivationKernels<T>.Forward(kind, hidden.Start, count, dropout, 1, y.Start);
            ActivationKernels<T>.Backward(kind, hidden.Start, y.Start, count, dropout, 1, dy.Start);

            y.AssertClose(at => mask[at] * Value(kind, x[at]), $"{kind}", 1e-6);
            dy.AssertClose(at => upstream[at] * mask[at] * Slope(kind, x[at]), $"{kind}, gradient", 1e-5);
        }

        private static double Value(ActivationKind kind, double x) => kind switch
        {
            ActivationKind.Relu => Math.Max(x, 0),
            ActivationKind.Gelu => x * Cumulative(x),
            _ => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2,
        };

        private static double Slope(ActivationKind kind, double x) => kind == ActivationKind.Relu ? (x > 0 ? 1 : 0) : (Value(kind, x + 1e-5) - Value(kind, x - 1e-5)) / 2e-5;

        /// <summary>The normal distribution by its Taylor series around 0.</summary>
        private static double Cumulative(double x)
        {
            double term = x, sum = x;
            for (int k = 1; k < 80; k++) sum += term *= x * x / (2 * k + 1);
            return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        }
    }
}
