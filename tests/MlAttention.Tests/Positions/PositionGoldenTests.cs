using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Positions;

public sealed class PositionGoldenTests
{
    private static readonly AttentionOptions Full = new();
    private static readonly AttentionOptions Chunked = new() { Algorithm = AttentionAlgorithm.Chunked, BlockSize = 2 };
    private static readonly AttentionOptions Window = new() { Algorithm = AttentionAlgorithm.LocalWindow, WindowRadius = 4 };

    public static TheoryData<string> RotaryLayers => GoldenFile.Names("rope.json", goldenCase => goldenCase.Has("X"));

    public static TheoryData<string> RotaryUnits => GoldenFile.Names("rope.json", goldenCase => goldenCase.Has("rotated"));

    public static TheoryData<string> RotaryProducts => GoldenFile.Names("rope.json", goldenCase => goldenCase.Has("dot"));

    public static TheoryData<string> ShawLayers => GoldenFile.Names("shaw_relative.json", goldenCase => goldenCase.Has("X"));

    public static TheoryData<string> AlibiLayers => GoldenFile.Names("alibi.json", goldenCase => goldenCase.Has("X") && goldenCase.Has("config"));

    public static TheoryData<string> AlibiSlopeLists => GoldenFile.Names("alibi.json", goldenCase => goldenCase.Has("n_heads"));

    public static TheoryData<string> SinusoidalTables => GoldenFile.Names("sinusoidal_pe.json", goldenCase => goldenCase.Has("L"));

    [Theory]
    [MemberData(nameof(RotaryLayers))]
    [GoldenCases("rope.json")]
    public void Rotary_Layer_EqualsPyTorch(string name)
    {
        var goldenCase = GoldenFile.Load("rope.json")[name];
        var interleaved = goldenCase.Text("config.style") == "interleaved";
        using var positions = new RotaryPositions(headWidth: 4, goldenCase.Number("config.base"), interleaved);
        GoldenLayer.CheckPositions(goldenCase, positions, Full, withWeights: true);
        GoldenLayer.CheckPositions(goldenCase, positions, Full, withWeights: false);
        GoldenLayer.CheckPositions(goldenCase, positions, Chunked, withWeights: false);
        GoldenLayer.CheckPositions(goldenCase, positions, Window, withWeights: false);
    }

    [Theory]
    [MemberData(nameof(RotaryUnits))]
    [GoldenCases("rope.json")]
    public void Rotary_UnitVectors_EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("rope.json")[name];
        using var positions = new RotaryPositions(headWidth: 4, interleaved: goldenCase.Text("style") == "interleaved");

        var rotated = positions.Rotate(goldenCase.Tensor("x").expand(4, 4));

        TensorAssert.Close(goldenCase.Tensor("rotated"), rotated);
    }

    [Theory]
    [MemberData(nameof(RotaryProducts))]
    [GoldenCases("rope.json")]
    public void Rotary_Products_EqualPyTorchAndDependOnTheDistanceAlone(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("rope.json")[name];
        using var positions = new RotaryPositions(headWidth: 4, interleaved: goldenCase.Text("style") == "interleaved");
        var query = goldenCase.Tensor("q", ScalarType.Float64).expand(5, 4);
        var key = goldenCase.Tensor("k", ScalarType.Float64).expand(5, 4);

        var products = positions.Rotate(query).matmul(positions.Rotate(key).t());

        TensorAssert.Close(goldenCase.Tensor("dot", ScalarType.Float64), products, 1e-12, 1e-12);
        TensorAssert.Close(products.narrow(0, 0, 4).narrow(1, 0, 4), products.narrow(0, 1, 4).narrow(1, 1, 4), 1e-12, 1e-12);
    }

    [Theory]
    [MemberData(nameof(ShawLayers))]
    [GoldenCases("shaw_relative.json")]
    public void Shaw_Layer_EqualsPyTorch(string name)
    {
        var goldenCase = GoldenFile.Load("shaw_relative.json")[name];
        PositionEncoding Positions() => new ShawRelativePositions(headWidth: 4, goldenCase.Integer("config.k"), onValues: goldenCase.Has("params.aV"));
        GoldenLayer.CheckPositions(goldenCase, Positions(), Full, withWeights: true);
        GoldenLayer.CheckPositions(goldenCase, Positions(), Full, withWeights: false);
        GoldenLayer.CheckPositions(goldenCase, Positions(), Chunked, withWeights: false);
        GoldenLayer.CheckPositions(goldenCase, Positions(), Window, withWeights: false);
    }

    [Theory]
    [InlineData("by_hand_L2_d1_k1")]
    [HandSolved(typeof(ShawRelativePositions))]
    [GoldenCases("shaw_relative.json")]
    public void Shaw_ByHand_EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("shaw_relative.json")[name];
        using var positions = new ShawRelativePositions(headWidth: 1, clipDistance: 1);
        GoldenLayer.SetParameters(positions, new() { ["key"] = goldenCase.Tensor("aK").view(3, 1), ["value"] = goldenCase.Tensor("aV").view(3, 1) });
        var (query, span) = (goldenCase.Tensor("q").view(1, 1, 2, 1), PositionSpan.Whole(2));

        var weights = positions.ScoreBias(query, span, span).softmax(-1);
        var output = weights.matmul(goldenCase.Tensor("v").view(1, 1, 2, 1)).add(positions.ValueBias(weights, span, span)!);

        TensorAssert.Close(goldenCase.Tensor("attention"), weights.view(2, 2));
        TensorAssert.Close(goldenCase.Tensor("output"), output.view(2));
    }

    [Theory]
    [MemberData(nameof(AlibiLayers))]
    [GoldenCases("alibi.json")]
    public void Alibi_Layer_EqualsPyTorch(string name)
    {
        var goldenCase = GoldenFile.Load("alibi.json")[name];
        using var positions = new AlibiPositions(goldenCase.Integer("config.H"));
        GoldenLayer.CheckPositions(goldenCase, positions, Full, withWeights: true);
        GoldenLayer.CheckPositions(goldenCase, positions, Full, withWeights: false);
        GoldenLayer.CheckPositions(goldenCase, positions, Chunked, withWeights: false);
        GoldenLayer.CheckPositions(goldenCase, positions, Window, withWeights: false);
    }

    [Theory]
    [MemberData(nameof(AlibiSlopeLists))]
    [GoldenCases("alibi.json")]
    public void Alibi_Slopes_EqualThePublishedOnes(string name)
    {
        var goldenCase = GoldenFile.Load("alibi.json")[name];
        using var positions = new AlibiPositions(goldenCase.Integer("n_heads"));
        Assert.Equal(goldenCase.Numbers("slopes"), positions.Slopes, (expected, actual) => Math.Abs(expected - actual) < 1e-15);
    }

    [Theory]
    [InlineData("bias_symmetric_h8_head0", false)]
    [InlineData("bias_causal_h8_head0", true)]
    [GoldenCases("alibi.json")]
    public void Alibi_Bias_EqualsThePublishedOne(string name, bool causal)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("alibi.json")[name];
        using var positions = new AlibiPositions(heads: 8);
        var span = PositionSpan.Whole(4);

        var bias = positions.ScoreBias(zeros(1, 8, 4, 2), span, span).select(1, 0).squeeze(0);
        if (causal) bias = bias.masked_fill(AttentionMask.Causal().ToTensor(4, 4).logical_not(), double.NegativeInfinity);

        TensorAssert.Close(goldenCase.Tensor("bias"), bias);
    }

    [Theory]
    [InlineData("reversal_symmetry")]
    [GoldenCases("alibi.json")]
    public void Alibi_SymmetricWithMeanPooling_GivesATextAndItsReversalTheSameVector(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("alibi.json")[name];
        using var positions = new AlibiPositions(heads: 2);
        using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 8, Heads = 2 }, positions);
        GoldenLayer.SetParameters(layer, GoldenLayer.ToLayerNames(goldenCase.Tensors("params")));
        Tensor Pooled(Tensor x) => layer.call(x, x, x, null).mean([1]);
        var x = goldenCase.Tensor("X");

        TensorAssert.Close(goldenCase.Tensor("pooled"), Pooled(x));
        TensorAssert.Close(goldenCase.Tensor("pooled_reversed"), Pooled(x.flip(1)));
        TensorAssert.Close(goldenCase.Tensor("pooled_swap_1_2"), Pooled(x.index_select(1, tensor(new long[] { 0, 2, 1, 3, 4 }))));
    }

    [Theory]
    [MemberData(nameof(SinusoidalTables))]
    [GoldenCases("sinusoidal_pe.json")]
    public void Sinusoidal_Table_EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("sinusoidal_pe.json")[name];
        foreach (var layout in new[] { "interleaved", "halves" })
        {
            var table = tensor(SinusoidalPositions.Table(goldenCase.Integer("L"), goldenCase.Integer("d"), goldenCase.Number("base"), interleaved: layout == "interleaved"));
            TensorAssert.Close(goldenCase.Tensor(layout, ScalarType.Float64), table, 1e-12, 1e-12, layout);
        }
    }

    [Theory]
    [InlineData("far_rows_d8")]
    [GoldenCases("sinusoidal_pe.json")]
    public void Sinusoidal_FarRows_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("sinusoidal_pe.json")[name];
        long[] rows = [.. goldenCase.Integers("rows")];
        var table = tensor(SinusoidalPositions.Table(101, 8)).index_select(0, tensor(rows));
        TensorAssert.Close(goldenCase.Tensor("interleaved", ScalarType.Float64), table, 1e-12, 1e-12);
    }

    [Theory]
    [InlineData("shift_is_linear_k3_d8")]
    [GoldenCases("sinusoidal_pe.json")]
    public void Sinusoidal_Shift_IsTheLinearMapOfPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var map = GoldenFile.Load("sinusoidal_pe.json")[name].Tensor("M", ScalarType.Float64);
        var table = tensor(SinusoidalPositions.Table(40, 8));
        TensorAssert.Close(table.narrow(0, 3, 37), table.narrow(0, 0, 37).matmul(map.t()), 1e-12, 1e-12);
    }
}
