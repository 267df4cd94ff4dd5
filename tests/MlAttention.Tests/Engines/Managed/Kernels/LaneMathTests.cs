using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>Elementary functions and random numbers on lanes.</summary>
public unsafe class LaneMathTests
{
    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void Exp_WholeRange_IsAccurateAndZeroBelow(int width) => Widths.Run(width, new Exponential());

    [Theory, MemberData(nameof(All))]
    public void NormalCumulative_WholeRange_IsAccurate(int width) => Widths.Run(width, new Normal());

    [Theory, MemberData(nameof(All))]
    public void IsDropped_ManyDraws_DropsItsShareInBothHalves(int width) => Widths.Run(width, new Share());

    private static float At<T>(Func<T, T> function, float x) where T : struct, ILanes<T>
    {
        float* value = stackalloc float[16];
        T.Store(function(T.Create(x)), value);
        return value[T.Count - 1];
    }

    private sealed class Exponential : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            for (float x = -87; x <= 88; x += 0.0137f)
            {
                double expected = Math.Exp(x), actual = At<T>(LaneMath<T>.Exp, x);
                if (!(Math.Abs(expected - actual) <= 3e-7 * expected)) Assert.Fail(FormattableString.Invariant($"exp({x}) must be {expected}; got {actual}."));
            }
            foreach (float x in new[] { -88, -100, -1e30f, float.NegativeInfinity }) Assert.Equal(0, At<T>(LaneMath<T>.Exp, x));
        }
    }

    private sealed class Normal : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            double integral = 0.5, step = 1e-3;                        // of the density, from 0, by the midpoint rule
            for (double x = 0; x < 6; x += step)
            {
                float cumulative = At<T>(value => LaneMath<T>.NormalCumulative(value, out _), (float)x);
                float mirrored = At<T>(value => LaneMath<T>.NormalCumulative(value, out _), (float)-x);
                float density = At<T>(Density, (float)x);
                Assert.Equal(integral, cumulative, 4e-7);
                Assert.Equal(1 - integral, mirrored, 4e-7);
                Assert.Equal(Phi(x), density, 2e-7);
                integral += step * Phi(x + step / 2);
            }

            static T Density(T x)
            {
                LaneMath<T>.NormalCumulative(x, out T density);
                return density;
            }
        }

        private static double Phi(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }

    private sealed class Share : IWidthCheck
    {
        private const int Draws = 20_000;

        public void Run<T>() where T : struct, ILanes<T>
        {
            foreach (float probability in new[] { 0.1f, 0.5f, 0.93f })
            {
                var random = new RandomLanes<T>(7);
                T threshold = RandomLanes<T>.Threshold(probability), one = T.Create(1), zero = T.Create(0);
                double first = 0, second = 0, both = 0;
                for (int i = 0; i < Draws; i++)
                {
                    T bits = random.Next();
                    T high = T.Select(RandomLanes<T>.IsDropped(bits, threshold), one, zero), low = T.Select(RandomLanes<T>.IsDropped(T.ShiftLeft(bits, 16), threshold), one, zero);
                    first += T.Sum(high);
                    second += T.Sum(low);
                    both += T.Sum(high * low);
                }
                double all = (double)Draws * T.Count, deviation = 5 * Math.Sqrt(probability * (1 - probability) / all);
                Assert.Equal(probability, first / all, deviation);
                Assert.Equal(probability, second / all, deviation);
                Assert.Equal(probability * probability, both / all, deviation);
            }
        }
    }
}
