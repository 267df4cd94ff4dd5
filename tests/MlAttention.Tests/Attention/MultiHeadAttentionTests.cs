using MlAttention.Attention;
using MlAttention.Positions;
using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>Sizes: batch 3, queries 5, keys 7, heads 2, head width 11, key width 13, value width 17.</summary>
public sealed class MultiHeadAttentionTests
{
    private static readonly AttentionOptions Options = new() { ModelWidth = 22, Heads = 2 };

    public static TheoryData<AttentionAlgorithm, PositionScheme> Variants()
    {
        var variants = new TheoryData<AttentionAlgorithm, PositionScheme>();
        foreach (var scheme in Enum.GetValues<PositionScheme>())
            foreach (var algorithm in new[] { AttentionAlgorithm.Full, AttentionAlgorithm.Chunked, AttentionAlgorithm.LocalWindow })
                variants.Add(algorithm, scheme);
        foreach (var scheme in new[] { PositionScheme.None, PositionScheme.Rotary })
            foreach (var algorithm in new[] { AttentionAlgorithm.Linear, AttentionAlgorithm.Performer })
                variants.Add(algorithm, scheme);
        return variants;
    }

    [Fact]
    public void Attend_IdentityWeights_ByHand()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 2, Heads = 2, Score = ScoreFunction.Dot });
        var identity = eye(2);
        GoldenLayer.SetParameters(layer, new()
        {
            ["in_proj_weight"] = cat([identity, identity, identity]),
            ["in_proj_bias"] = zeros(6),
            ["out_proj.weight"] = identity,
            ["out_proj.bias"] = tensor(new float[] { 10, 20 }),
        });
        var x = tensor(new float[] { 1, 0, 0, MathF.Log(3) }, [1, 2, 2]); // head 1 sees (1, 0), head 2 sees (0, ln 3)

        var (output, weights) = layer.Attend(x, x, x, returnWeights: true);

        var first = MathF.E / (MathF.E + 1); // head 1, query 1: scores (1, 0)
        var last = MathF.Pow(3, MathF.Log(3)); // head 2, query 2: scores (0, ln 3 ln 3)
        TensorAssert.Close(tensor(new float[] { first, 1 - first, 0.5f, 0.5f, 0.5f, 0.5f, 1 / (1 + last), last / (1 + last) }, [1, 2, 2, 2]), weights!);
        TensorAssert.Close(tensor(new float[] { 10 + first, 20 + 0.5f * MathF.Log(3), 10.5f, 20 + MathF.Log(3) * last / (1 + last) }, [1, 2, 2]), output);
    }

    [Fact]
    public void Attend_OtherKeyAndValueWidths_HasPyTorchsNamesAndShapes()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options with { KeyWidth = 13, ValueWidth = 17 });
        var (output, weights) = layer.Attend(ones(3, 5, 22), ones(3, 7, 13), ones(3, 7, 17), returnWeights: true);
        Assert.Equal([3, 5, 22], output.shape);
        Assert.Equal([3, 2, 5, 7], weights!.shape);
        var shapes = layer.named_parameters().ToDictionary(entry => entry.Item1, entry => string.Join(',', entry.Item2.shape));
        Assert.Equal(new Dictionary<string, string>
        {
            ["q_proj_weight"] = "22,22",
            ["k_proj_weight"] = "22,13",
            ["v_proj_weight"] = "22,17",
            ["in_proj_bias"] = "66",
            ["out_proj.weight"] = "22,22",
            ["out_proj.bias"] = "22",
        }, shapes);
    }

    [Fact]
    public void Attend_PackedAndSeparateProjections_AreTheSame()
    {
        using var scope = NewDisposeScope();
        using var packed = new MultiHeadAttention(Options);
        using var separate = new MultiHeadAttention(Options with { KeyWidth = 13, ValueWidth = 17 });
        var weights = packed.named_parameters().ToDictionary(entry => entry.Item1, entry => (Tensor)entry.Item2);
        var parts = weights["in_proj_weight"].chunk(3);
        var (query, key, value) = (Sequence(5, 22, 1), Sequence(7, 13, 2), Sequence(7, 17, 3));
        GoldenLayer.SetParameters(separate, new()
        {
            ["q_proj_weight"] = parts[0],
            ["k_proj_weight"] = parts[1].narrow(1, 0, 13),
            ["v_proj_weight"] = parts[2].narrow(1, 0, 17),
            ["in_proj_bias"] = weights["in_proj_bias"],
            ["out_proj.weight"] = weights["out_proj.weight"],
            ["out_proj.bias"] = weights["out_proj.bias"],
        });

        var expected = packed.call(query, cat([key, zeros(3, 7, 9)], 2), cat([value, zeros(3, 7, 5)], 2), null);

        TensorAssert.Close(expected, separate.call(query, key, value, null));
    }

    [Fact]
    public void Attend_QuerySameAsKeyOrNot_IsTheSame()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = Sequence(5, 22, 1);
        TensorAssert.Close(layer.call(x, x, x, null), layer.call(x, x.clone(), x.clone(), null));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Attend_MaskedKeysChange_OutputStays(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(algorithm, scheme);
        var x = Sequence(7, 24, 1);
        var changed = cat([x.narrow(1, 0, 4), Sequence(3, 24, 2)], 1);
        var mask = AttentionMask.Padding([4, 4, 4], 7);
        TensorAssert.Close(layer.call(x, x, x, mask), layer.call(x, changed, changed, mask));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Attend_LaterTokensChangeUnderCausalMask_EarlierOutputsStay(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        if (algorithm == AttentionAlgorithm.Performer) return; // its keys share one scaling constant: equal up to the rounding of exp
        using var scope = NewDisposeScope();
        using var layer = Layer(algorithm, scheme);
        var x = Sequence(7, 24, 1);
        var changed = cat([x.narrow(1, 0, 4), Sequence(3, 24, 2)], 1);
        Tensor Early(Tensor sequence) => layer.call(sequence, sequence, sequence, AttentionMask.Causal()).narrow(1, 0, 4);
        TensorAssert.Close(Early(x), Early(changed));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Attend_ARowAloneOrPaddedInABatch_IsTheSame(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(algorithm, scheme);
        var batch = Sequence(7, 24, 1);
        int[] lengths = [7, 3, 1];

        var padded = layer.call(batch, batch, batch, AttentionMask.Padding(lengths, 7));

        for (var row = 0; row < lengths.Length; row++)
        {
            var alone = batch.narrow(0, row, 1).narrow(1, 0, lengths[row]);
            TensorAssert.Close(layer.call(alone, alone, alone, null), padded.narrow(0, row, 1).narrow(1, 0, lengths[row]), what: $"row {row}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Attend_ForwardAndBackward_LeaveNoTensor(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        using var layer = Layer(algorithm, scheme);
        using var x = Sequence(7, 24, 1);
        LiveTensors.AssertNoneLeft(() => layer.call(x, x, x, AttentionMask.Padding([7, 3, 1], 7)), [x, .. layer.parameters()]);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Load_SavedLayer_ComputesTheSame(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = Layer(algorithm, scheme);
        manual_seed(2);
        using var other = Layer(algorithm, scheme);
        var x = Sequence(7, 24, 1);
        Assert.NotEqual(TensorAssert.Values(layer.call(x, x, x, null)), TensorAssert.Values(other.call(x, x, x, null)));

        using var stream = new MemoryStream();
        layer.save(stream);
        other.load(new MemoryStream(stream.ToArray()));

        TensorAssert.Close(layer.call(x, x, x, null), other.call(x, x, x, null), 0, 0);
    }

    [Theory]
    [InlineData(PositionScheme.ShawRelative)]
    [InlineData(PositionScheme.RelativeBias)]
    [InlineData(PositionScheme.Rotary)]
    [InlineData(PositionScheme.Alibi)]
    public void Attend_Gradient_EqualsFiniteDifferences(PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var positions = PositionFactory.Create(scheme, new PositionShape(4, 2, 5), new PositionOptions { ClipDistance = 1, Buckets = 4, MaxDistance = 3 });
        using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 4, Heads = 2 }, positions);
        layer.to(ScalarType.Float64);
        positions.to(ScalarType.Float64);
        var x = GradientCheck.Random([2, 3, 4], 1);
        Tensor[] shared = positions.PerLayer ? [] : [.. positions.parameters()];
        GradientCheck.Run(() => layer.call(x, x, x, AttentionMask.Padding([3, 2], 3)), [x, .. layer.parameters(), .. shared]);
    }

    [Fact]
    public void Parameters_PositionsOfTheLayer_BelongToItAndSharedOnesDoNot()
    {
        using var own = new MultiHeadAttention(Options, new ShawRelativePositions(headWidth: 11, clipDistance: 2));
        using var shared = new RelativeBiasPositions(heads: 2);
        using var layer = new MultiHeadAttention(Options, shared);
        Assert.Contains("positions.key", own.named_parameters().Select(entry => entry.Item1));
        Assert.Contains("positions.value", own.named_parameters().Select(entry => entry.Item1));
        Assert.DoesNotContain(layer.named_parameters(), entry => entry.Item1.StartsWith("positions", StringComparison.Ordinal));
    }

    [Fact]
    public void Attend_Temperature_FlattensTheWeights()
    {
        using var scope = NewDisposeScope();
        var x = Sequence(7, 22, 1);
        manual_seed(1);
        using var cold = new MultiHeadAttention(Options);
        manual_seed(1);
        using var hot = new MultiHeadAttention(Options with { Temperature = 100 });
        TensorAssert.Close(full([3, 2, 7, 7], 1.0 / 7), hot.Attend(x, x, x, returnWeights: true).Weights!, 0.02);
        Assert.True(cold.Attend(x, x, x, returnWeights: true).Weights!.max().item<float>() > 0.3);
    }

    [Fact]
    public void Attend_Dropout_OnlyWhileTraining()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options with { Dropout = 0.5 });
        var x = Sequence(7, 22, 1);
        Assert.NotEqual(TensorAssert.Values(layer.call(x, x, x, null)), TensorAssert.Values(layer.call(x, x, x, null)));
        layer.eval();
        Assert.Equal(TensorAssert.Values(layer.call(x, x, x, null)), TensorAssert.Values(layer.call(x, x, x, null)));
    }

    [Fact]
    public void Attend_WithoutAskingForWeights_ReturnsNone()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = Sequence(5, 22, 1);
        Assert.Null(layer.Attend(x, x, x).Weights);
    }

    [Fact]
    public void Constructor_BadOptions_ListsEveryOne()
    {
        var bad = new AttentionOptions { ModelWidth = 10, Heads = 3, Dropout = 1, Temperature = 0, BlockSize = 0, KeyWidth = 0, RandomFeatures = 0, WindowRadius = -1, AdditiveWidth = 0, ValueWidth = -1 };
        var message = Assert.Throws<ArgumentException>(() => new MultiHeadAttention(bad)).Message;
        Assert.StartsWith("AttentionOptions has 9 error(s): ModelWidth = 10: must be a multiple of Heads = 3.", message, StringComparison.Ordinal);
        foreach (var part in new[] { "Dropout = 1:", "Temperature = 0:", "BlockSize = 0:", "KeyWidth = 0:", "ValueWidth = -1:", "RandomFeatures = 0:", "WindowRadius = -1:", "AdditiveWidth = 0:" })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_ZeroHeads_SaysSo() =>
        Assert.Contains("Heads = 0: must be at least 1.", Assert.Throws<ArgumentException>(() => new MultiHeadAttention(new AttentionOptions { Heads = 0 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Attend_WrongShapes_SayWhichAndWhatIsExpected()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options with { KeyWidth = 13, ValueWidth = 17 });
        AssertRefused(zeros(3, 5, 21), zeros(3, 7, 13), zeros(3, 7, 17), "query must have shape [B,L,D]=[B,L,22]; got [3,5,21].");
        AssertRefused(zeros(3, 5, 22), zeros(2, 7, 13), zeros(3, 7, 17), "key must have shape [B,S,Dk]=[3,S,13]; got [2,7,13].");
        AssertRefused(zeros(3, 5, 22), zeros(3, 7, 13), zeros(3, 6, 17), "value must have shape [B,S,Dv]=[3,7,17]; got [3,6,17].");
        AssertRefused(zeros(5, 22), zeros(3, 7, 13), zeros(3, 7, 17), "query must have shape [B,L,D]=[B,L,22]; got [5,22].");

        void AssertRefused(Tensor query, Tensor key, Tensor value, string reason) =>
            Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => layer.call(query, key, value, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attend_NaN_SaysWhere()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = Sequence(5, 22, 1);
        x.view(-1).narrow(0, 5 * 22 + 2 * 22 + 3, 1).fill_(double.NaN);
        var message = Assert.Throws<ArgumentException>(() => layer.call(x, x, x, null)).Message;
        Assert.StartsWith("query has 1 NaN value(s), the first at [1,2,3].", message, StringComparison.Ordinal);

        using var unchecked_ = new MultiHeadAttention(Options with { CheckNumbers = false });
        Assert.Contains(double.NaN, TensorAssert.Values(unchecked_.call(x, x, x, null)));
    }

    [Fact]
    public void Attend_HugeNumbersWhoseSumOverflows_AreNotNaN()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = full([1, 2, 22], float.MaxValue);
        layer.call(x, x, x, null);
    }

    [Fact]
    public void Attend_PositionsOfAnotherModel_SayWhichShape()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 5, 22);
        AssertRefused(new AlibiPositions(heads: 3), "query must have shape [B,H,L,Dh]=[B,3,L,Dh]; got [1,2,5,11].");
        AssertRefused(new RelativeBiasPositions(heads: 3), "query must have shape [B,H,L,Dh]=[B,3,L,Dh]; got [1,2,5,11].");
        AssertRefused(new ShawRelativePositions(headWidth: 10), "query must have shape [B,H,L,Dh]=[B,H,L,10]; got [1,2,5,11].");
        AssertRefused(new RotaryPositions(headWidth: 10), "query and key must have shape [..,L,Dh]=[..,5,10]; got [1,2,5,11].");

        void AssertRefused(PositionEncoding positions, string reason)
        {
            using (positions)
            {
                using var layer = new MultiHeadAttention(Options, positions);
                Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => layer.call(x, x, x, null)).Message, StringComparison.Ordinal);
            }
        }
    }

    private static Tensor Sequence(int length, int width, int seed) => GradientCheck.Random([3, length, width], seed, ScalarType.Float32);

    /// <summary>A layer of width 24 with 3 heads; the window is as wide as the longest text.</summary>
    private static MultiHeadAttention Layer(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        var positions = PositionFactory.Create(scheme, new PositionShape(24, 3, 7), new PositionOptions { ClipDistance = 3, Buckets = 8, MaxDistance = 6 });
        return new MultiHeadAttention(new AttentionOptions { ModelWidth = 24, Heads = 3, Algorithm = algorithm, BlockSize = 3, WindowRadius = 7, RandomFeatures = 32 }, positions);
    }
}
