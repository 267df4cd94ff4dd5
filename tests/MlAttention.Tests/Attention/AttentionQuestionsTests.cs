using System.Globalization;
using MlAttention.Tests.Datasets;
using MlAttention.Tests.Documentation.Pictures;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>The code that answers the questions of docs/EXERCISES.md; it gives what the page says.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class AttentionQuestionsTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "EXERCISES.md"));

    [Fact]
    public void Question_Scale_VarianceGrowsWithTheWidth()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        List<double> variances = [], scaled = [];

        // sample: Question_Scale
        foreach (var width in new[] { 4, 64, 256 })
        {
            var products = randn(300, width).matmul(randn(300, width).t());
            variances.Add(products.var().item<float>());                                 // about 4, 64, 256
            scaled.Add(products.div(Math.Sqrt(width)).var().item<float>());              // about 1, 1, 1
        }
        var scores = randn(1000, 256).matmul(randn(10, 256).t());                    // 10 keys of width 256
        var raw = MaskedSoftmax.Apply(scores, null).amax([-1]).mean();     // 0.95: one key takes nearly all
        var calm = MaskedSoftmax.Apply(scores.div(16), null).amax([-1]).mean();          // 0.31
        // end of sample

        Assert.InRange(variances[0], 3, 5);
        Assert.InRange(variances[2], 200, 320);
        Assert.All(scaled, variance => Assert.InRange(variance, 0.75, 1.25));
        Assert.InRange(raw.item<float>(), 0.93, 0.97);
        Assert.InRange(calm.item<float>(), 0.28, 0.34);
    }

    [Fact]
    public void Question_Masks_HidePaddingAndWhatFollows()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 3 });

        // sample: Question_Masks
        var x = randn(1, 4, 12);
        string Changed(AttentionMask? mask, int token)          // which outputs change when this token does
        {
            var other = x.clone();
            other.select(1, token).add_(1);
            var change = attention.call(other, other, other, mask).sub(attention.call(x, x, x, mask));
            var largest = change.abs().amax([0, 2]);                     // of each output
            return string.Join(' ', Enumerable.Range(0, 4).Where(place => largest[place].item<float>() > 1e-5));
        }
        // end of sample

        var (padding, causal) = (AttentionMask.Padding([3], 4), AttentionMask.Causal());
        foreach (var (name, mask) in new[] { ("none", null), ("`Padding([3], 4)`", padding), ("`Causal()`", causal), ("both", padding & causal) })
            Says($"| {name} | {Changed(mask, 1)} | {Changed(mask, 3)} |");
    }

    [Fact]
    public void Question_Sinusoids_AShiftIsARotation()
    {
        using var scope = NewDisposeScope();

        // sample: Question_Sinusoids
        var table = tensor(SinusoidalPositions.Table(length: 50, width: 2));   // one wavelength: (sin p, cos p)
        var rotation = tensor(new[,] { { Math.Cos(3), Math.Sin(3) }, { -Math.Sin(3), Math.Cos(3) } });
        var shifted = table.narrow(0, 0, 47).matmul(rotation.t());     // equals rows 3 .. 49, whatever p is
        // end of sample

        TensorAssert.Close(table.narrow(0, 3, 47), shifted, 1e-12);
    }

    [Fact]
    public void Question_Heads_OneMixesWhatTwoTell()
    {
        using var scope = NewDisposeScope();

        // sample: Question_Heads
        double Learn(int heads)
        {
            manual_seed(1);
            using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 8, Heads = heads });
            using var adam = optim.Adam(attention.parameters(), lr: 0.05);
            var loss = 0.0;
            for (var step = 0; step < 150; step++)
            {
                using var scope = NewDisposeScope();
                var x = randn(64, 4, 8);                                 // 64 texts of 4 tokens
                x.narrow(2, 6, 2).zero_();
                x[.., 0, 6] = tensor(3f);                                // marks the first token
                x[.., 3, 7] = tensor(3f);                                // marks the last
                var wanted = cat([x[.., 0, ..3], x[.., 3, 3..6]], 1);    // 3 numbers of each
                var told = attention.call(x.narrow(1, 1, 1), x, x, null).squeeze(1);   // by the second token
                var error = told.narrow(1, 0, 6).sub(wanted).square().mean();
                adam.zero_grad();
                error.backward();
                adam.step();
                loss = error.item<float>();
            }
            return loss;
        }
        var (one, two) = (Learn(heads: 1), Learn(heads: 2));                             // 0.44 and 0.00003
        // end of sample
        Assert.InRange(one, 0.35, 0.55);
        Assert.InRange(two, 0, 0.001);
    }

    [Fact]
    public void Question_Projections_OneForBothIsSymmetric()
    {
        using var scope = NewDisposeScope();
        var (x, wq, wk) = (WorkedExample.Matrix(WorkedExample.X), WorkedExample.Matrix(WorkedExample.ByMeaning.QueryWeights), WorkedExample.Matrix(WorkedExample.ByMeaning.KeyWeights));

        // sample: Question_Projections
        var own = x.matmul(wq).matmul(x.matmul(wk).t());                           // the products of step 3
        var same = x.matmul(wq).matmul(x.matmul(wq).t());                        // keys made as queries are
        // end of sample

        TensorAssert.Close(same.t(), same, 1e-12);
        Says($"barks finds dog with {Number(own[2, 1])} and dog finds barks with {Number(own[1, 2])}");
        Says($"both get {Number(same[2, 1])}, and barks finds itself with {Number(same[2, 2])}");
    }

    [Fact]
    public void Question_Bag_OutputsMoveAlong()
    {
        using var scope = NewDisposeScope();

        // sample: Question_Bag
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 3 });
        var x = randn(1, 5, 12);
        var order = tensor(new long[] { 3, 1, 4, 0, 2 });
        var reordered = x.index_select(1, order);
        var before = attention.call(reordered, reordered, reordered, null);
        var after = attention.call(x, x, x, null).index_select(1, order);                // the same
        // end of sample

        TensorAssert.Close(after, before);
    }

    [Fact]
    public void Question_CausalAlone_TellsOrder()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 3 });
        var x = randn(1, 5, 12);

        // sample: Question_CausalAlone
        double Difference(AttentionMask? mask)       // of the mean vectors of a text and its reversal
        {
            var reversed = x.flip(1);
            var before = attention.call(x, x, x, mask).mean([1]);
            var after = attention.call(reversed, reversed, reversed, mask).mean([1]);
            return before.sub(after).abs().max().item<float>();
        }
        var (free, causal) = (Difference(null), Difference(AttentionMask.Causal()));     // 0 and 0.2
        // end of sample

        Assert.InRange(free, 0, 1e-6);
        Assert.InRange(causal, 0.05, 1);
    }

    [Fact]
    public void Question_Depth_ResidualsKeepGradients()
    {
        using var scope = NewDisposeScope();

        // sample: Question_Depth
        Func<Tensor, Tensor> Normed(NormPlacement norm)
        {
            var options = new EncoderLayerOptions { ModelWidth = 32, Norm = norm, Dropout = 0 };
            var layer = new EncoderLayer(options);
            return x => layer.call(x, null);
        }
        Func<Tensor, Tensor> Bare(double residual)   // the same parts without norms; 1 with the sum, 0 without
        {
            var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 32 });
            var (wide, narrow) = (nn.Linear(32, 128), nn.Linear(128, 32));
            return x =>
            {
                var y = attention.call(x, x, x, null).add(x.mul(residual));
                return narrow.call(wide.call(y).gelu()).add(y.mul(residual));
            };
        }
        double[] GradientNorms(Func<Func<Tensor, Tensor>> create)       // of the inputs of layers 1, 12, 24
        {
            manual_seed(1);
            List<Tensor> inputs = [randn(2, 6, 32).requires_grad_()];
            for (var layer = 1; layer <= 24; layer++) inputs.Add(create()(inputs[^1]));
            var measured = new[] { inputs[0], inputs[11], inputs[23] };
            var loss = nn.functional.layer_norm(inputs[^1], [32]).mul(randn(2, 6, 32)).sum();
            var gradients = autograd.grad([loss], measured);
            return [.. gradients.Select(gradient => (double)gradient.norm().item<float>())];
        }
        var none = GradientNorms(() => Bare(residual: 0));
        var sum = GradientNorms(() => Bare(residual: 1));
        var after = GradientNorms(() => Normed(NormPlacement.Post));
        var before = GradientNorms(() => Normed(NormPlacement.Pre));
        // end of sample

        Assert.All(before.Concat(after).Concat(sum), norm => Assert.InRange(norm, 1, 100));
        Assert.True(before[0] > before[2] && sum[0] > 3 * sum[2] && after[2] > after[1]);
        Assert.InRange(none[0], 0, 1e-20);
        Assert.InRange(none[1], 0, 1e-9);
    }

    [Fact]
    public void Question_FeedForward_IsWhatIsNotLinear()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);

        // sample: Question_FeedForward
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 64, Bias = false });
        var options = new EncoderLayerOptions { ModelWidth = 64, FeedForwardWidth = 256, Dropout = 0 };
        using var layer = new EncoderLayer(options);
        var (a, b) = (randn(1, 1, 64), randn(1, 1, 64));              // texts of one token: its weight is 1
        double Bend(Func<Tensor, Tensor> f) => f(a.add(b)).sub(f(a)).sub(f(b)).abs().max().item<float>();
        var alone = Bend(x => attention.call(x, x, x, null));                            // 0: linear
        var whole = Bend(x => layer.call(x, null));                                      // 0.37
        double Size(nn.Module module) => module.parameters().Sum(weights => weights.numel());
        var share = 1 - Size(attention) / Size(layer);                                   // 0.67
        // end of sample

        Assert.InRange(alone, 0, 1e-5);
        Assert.InRange(whole, 0.3, 0.45);
        Assert.InRange(share, 0.66, 0.68);
    }

    [Fact]
    public void Question_Softmax_TemperatureSharpens()
    {
        using var scope = NewDisposeScope();

        // sample: Question_Softmax
        var scores = tensor(new double[] { -1, 0, 1 });
        Tensor Weights(double temperature) => MaskedSoftmax.Apply(scores.div(temperature), null);
        var moved = MaskedSoftmax.Apply(scores.add(100), null);                     // as with temperature 1
        // end of sample

        TensorAssert.Close(Weights(1), moved, 1e-12);
        foreach (double temperature in new[] { 0.1, 0.5, 1, 2, 10 })
            Says($"| {temperature.ToString(CultureInfo.InvariantCulture)} | {string.Join(" | ", Enumerable.Range(0, 3).Select(i => Number(Weights(temperature)[i])))} |");
    }

    [Fact]
    public void Question_Linear_CannotPointAtOneKey()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);

        // sample: Question_Linear
        var key = randn(100, 32);
        Tensor Features(Tensor vectors) => nn.functional.elu(vectors, 1).add(1);
        double Own(Tensor weights) => weights.diagonal().mean().item<float>();   // of the key that equals the query
        var scores = key.matmul(key.t()).div(Math.Sqrt(32));
        var softmax = Own(MaskedSoftmax.Apply(scores, null));                            // 0.62
        var products = Features(key).matmul(Features(key).t());
        var linear = Own(products.div(products.sum(1, keepdim: true)));                  // 0.014
        // end of sample

        Assert.InRange(softmax, 0.58, 0.66);
        Assert.InRange(linear, 0.012, 0.016);
    }

    [Fact]
    public void Question_Cache_IsExact()
    {
        using var scope = NewDisposeScope();
        var (x, wq, wk, wv) = (WorkedExample.Matrix(WorkedExample.X), WorkedExample.Matrix(WorkedExample.ByMeaning.QueryWeights), WorkedExample.Matrix(WorkedExample.ByMeaning.KeyWeights), WorkedExample.Matrix(WorkedExample.ByMeaning.ValueWeights));

        // sample: Question_Cache
        var (keys, values) = (zeros(0, 2, ScalarType.Float64), zeros(0, 2, ScalarType.Float64));   // the cache
        List<Tensor> outputs = [];
        for (var token = 0; token < 3; token++)
        {
            var newest = x.narrow(0, token, 1);                                 // one token comes at a time
            (keys, values) = (cat([keys, newest.matmul(wk)]), cat([values, newest.matmul(wv)]));
            var scores = newest.matmul(wq).matmul(keys.t()).div(Math.Sqrt(2));   // its query, all keys so far; no mask
            outputs.Add(MaskedSoftmax.Apply(scores, null).matmul(values));
        }
        // end of sample

        TensorAssert.Close(WorkedExample.Matrix(WorkedExample.ByMeaning.Output), cat(outputs), 1e-15);
    }

    private static void Says(string answer) => Assert.Contains(answer, s_page, StringComparison.Ordinal);

    private static string Number(Tensor number) => MatrixDrawing.Number(number.item<double>());
}
