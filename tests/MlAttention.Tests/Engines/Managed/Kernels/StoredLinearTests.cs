using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Storage;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>The packed linear map and its gradients against plain loops, for every width from 1 to 67.</summary>
public unsafe class StoredLinearTests
{
    public static TheoryData<int> All => Widths.All();

    [Theory, MemberData(nameof(All))]
    public void ForwardAndBackward_AnySize_EqualPlainLoops(int width) => Widths.Run(width, new Check());

    private sealed class Check : IWidthCheck
    {
        public void Run<T>() where T : struct, ILanes<T>
        {
            int n = T.Count;
            // Beyond 128 inputs or outputs are summed in parts, and beyond 512 the other side is taken in parts.
            foreach (var (inputs, outputs) in Enumerable.Range(1, 67).Select(inputs => (inputs, Math.Max(68 - inputs, 7))).Concat([(131, 7), (259, 7), (7, 131), (6, 259), (530, 5), (5, 530)]))
            {
                int blocks = 1 + inputs % 4;
                var random = new Random(inputs);
                int[] rows = StoredForm.Padded(outputs, n), columns = StoredForm.Padded(inputs, n);
                StoredForm form = new(n, rows, columns), biasForm = new(n, rows);
                using var weight = new Floats(outputs * inputs, random);
                using var bias = new Floats(outputs, random);
                using var stored = new Floats(form.Count);
                using var storedBias = new Floats(biasForm.Count);
                form.Store(weight.Copy(), new Span<float>(stored.Start, stored.Count));
                biasForm.Store(bias.Copy(), new Span<float>(storedBias.Start, storedBias.Count));
                var linear = new StoredLinear<T>(stored.Start, storedBias.Start, form.Outputs, form.Inputs);
                using var x = Blocks<T>(inputs, blocks, random);
                using var y = new Floats(blocks * linear.Outputs * n, random);
                using var dy = Blocks<T>(outputs, blocks, random);
                using var dx = new Floats(blocks * linear.Inputs * n, random);
                using var panels = new Floats(blocks * n * linear.Inputs);
                using var gradient = new Floats(form.Count, random);
                using var lanes = new Floats(linear.Outputs * n, random);
                float[] oldDx = dx.Copy(), oldGradient = gradient.Copy(), oldLanes = lanes.Copy();
                bool accumulate = inputs % 2 == 0;

                linear.Forward(x.Start, blocks, y.Start);
                linear.BackwardInput(dy.Start, blocks, dx.Start, accumulate);
                TokenLayout<T>.ToPanels(x.Start, blocks, linear.Inputs, panels.Start);
                linear.BackwardWeights(dy.Start, panels.Start, blocks, new LinearGradient(gradient.Start, lanes.Start), accumulate);

                float X(int token, int i) => x[(token / n * linear.Inputs + i) * n + token % n];
                float Dy(int token, int o) => dy[(token / n * linear.Outputs + o) * n + token % n];
                var tokens = Enumerable.Range(0, blocks * n);
                string what = $"{inputs} to {outputs}";
                y.AssertClose(at =>
                {
                    int o = at / n % linear.Outputs, token = at / (linear.Outputs * n) * n + at % n;
                    return o >= outputs ? 0 : bias[o] + Enumerable.Range(0, inputs).Sum(i => (double)weight[o * inputs + i] * X(token, i));
                }, what + ", y");
                dx.AssertClose(at =>
                {
                    int i = at / n % linear.Inputs, token = at / (linear.Inputs * n) * n + at % n;
                    double sum = i >= inputs ? 0 : Enumerable.Range(0, outputs).Sum(o => (double)weight[o * inputs + i] * Dy(token, o));
                    return sum + (accumulate ? oldDx[at] : 0);
                }, what + ", dx");
                gradient.AssertClose(at =>
                {
                    int i = at / (linear.Outputs * n) * n + at % n, o = at / n % linear.Outputs;      // [tile of inputs][output][N inputs]
                    return (accumulate ? oldGradient[at] : 0) + tokens.Sum(token => (double)Dy(token, o) * X(token, i));
                }, what + ", dW", 1e-4);
                lanes.AssertClose(at => (accumulate ? oldLanes[at] : 0) + Enumerable.Range(0, blocks).Sum(block => (double)Dy(block * n + at % n, at / n)), what + ", db", 1e-4);
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
