using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Packing;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>The packed linear map and its gradients against plain loops, for every width from 1 to 67.</summary>
public unsafe class PackedLinearTests
{
    private const float Scale = 0.5f;

    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void ForwardAndBackward_AnySize_EqualPlainLoops(int width) => Widths.Run(width, new Check());

    private sealed class Check : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            foreach (int inputs in Enumerable.Range(1, 67).Append(131).Append(259))   // the last two are summed in parts
            {
                int outputs = Math.Max(68 - inputs, 7), blocks = 1 + inputs % 3, scaled = Math.Min(outputs, 5);
                var random = new Random(inputs);
                using var linear = new PackedLinear<T>(PackedLinear<T>.Padded(outputs), PackedLinear<T>.Padded(inputs), scaled, Scale);
                using var weight = new Floats(outputs * inputs, random);
                using var bias = new Floats(outputs, random);
                using var x = Blocks<T>(inputs, blocks, random);
                using var y = new Floats(blocks * linear.Outputs * n, random);
                using var dy = Blocks<T>(outputs, blocks, random);
                using var dx = new Floats(blocks * linear.Inputs * n, random);
                using var rows = new Floats(blocks * n * linear.Inputs);
                using var packed = new Floats((int)linear.GradientCount);
                using var dWeight = new Floats(outputs * inputs, random);
                using var dBias = new Floats(outputs, random);
                float[] oldDx = dx.Copy(), oldDWeight = dWeight.Copy(), oldDBias = dBias.Copy();
                bool accumulate = inputs % 2 == 0;

                linear.Pack(weight.Start, bias.Start);
                linear.Forward(x.Start, blocks, y.Start);
                linear.BackwardInput(dy.Start, blocks, dx.Start, accumulate);
                TokenLayout<T>.ToRows(x.Start, blocks, linear.Inputs, rows.Start);
                linear.BackwardWeights(dy.Start, rows.Start, blocks, packed.Start);
                linear.Unpack(packed.Start, dWeight.Start, dBias.Start);

                float Factor(int row) => row < scaled ? Scale : 1;
                float X(int token, int i) => x[(token / n * linear.Inputs + i) * n + token % n];
                float Dy(int token, int o) => dy[(token / n * linear.Outputs + o) * n + token % n];
                var tokens = Enumerable.Range(0, blocks * n);
                string what = $"{inputs} to {outputs}";
                y.AssertClose(at =>
                {
                    int o = at / n % linear.Outputs, token = at / (linear.Outputs * n) * n + at % n;
                    return o >= outputs ? 0 : Factor(o) * (bias[o] + Enumerable.Range(0, inputs).Sum(i => (double)weight[o * inputs + i] * X(token, i)));
                }, what + ", y");
                dx.AssertClose(at =>
                {
                    int i = at / n % linear.Inputs, token = at / (linear.Inputs * n) * n + at % n;
                    double sum = i >= inputs ? 0 : Enumerable.Range(0, outputs).Sum(o => (double)Factor(o) * weight[o * inputs + i] * Dy(token, o));
                    return sum + (accumulate ? oldDx[at] : 0);
                }, what + ", dx");
                dWeight.AssertClose(at => oldDWeight[at] + Factor(at / inputs) * tokens.Sum(token => (double)Dy(token, at / inputs) * X(token, at % inputs)), what + ", dW", 1e-4);
                dBias.AssertClose(o => oldDBias[o] + Factor(o) * tokens.Sum(token => (double)Dy(token, o)), what + ", db", 1e-4);
            }
        }

        /// <summary>Random features, zero where they pad.</summary>
        private static Floats Blocks<T>(int width, int blocks, Random random) where T : struct, ILanes<T>
        {
            int padded = TokenLayout<T>.Pad(width);
            var values = new Floats(blocks * padded * T.Count, random);
            for (int i = 0; i < values.Count; i++) if (i / T.Count % padded >= width) values.Start[i] = 0;
            return values;
        }
    }
}
