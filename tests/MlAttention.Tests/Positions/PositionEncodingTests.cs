using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Positions;

public sealed class PositionEncodingTests
{
    private static readonly SequenceModelOptions Shape = new() { ModelWidth = 12, Heads = 3, MaxLength = 7 };

    public static TheoryData<PositionScheme> Schemes => [.. Enum.GetValues<PositionScheme>()];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Create_EachScheme_HooksHaveTheirShapes(PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var positions = PositionEncoding.Create(Shape with { Positions = scheme });
        var (queries, keys) = (new PositionSpan(1, 5), new PositionSpan(2, 3));
        var query = GradientCheck.Random([2, 3, 5, 4], 1, ScalarType.Float32);

        Assert.Equal([2, 7, 12], positions.AddToEmbeddings(zeros(2, 7, 12)).shape);
        var (q, k) = positions.TransformQueryKey(query, zeros(2, 3, 6, 4));
        Assert.Equal([2, 3, 5, 4], q.shape);
        Assert.Equal([2, 3, 6, 4], k.shape);
        var bias = positions.ScoreBias(query, queries, keys);
        if (bias is not null) Assert.Equal([2, 3, 5, 3], bias.expand(2, 3, 5, 3).shape);
        var values = positions.ValueBias(ones(2, 3, 5, 3), queries, keys);
        if (values is not null) Assert.Equal([2, 3, 5, 4], values.shape);
        Assert.Equal(positions.ActsOnScores, bias is not null || values is not null || positions.Allowed(queries, keys, CPU) is not null);
        Assert.Equal(positions.ActsOnValues, values is not null);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void ScoreBias_Block_EqualsThePartOfTheWhole(PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var positions = PositionEncoding.Create(Shape with { Positions = scheme, PositionDetails = new() { ClipDistance = 2, Buckets = 8, MaxDistance = 5 } });
        foreach (var parameter in positions.parameters()) nn.init.normal_(parameter);
        var query = GradientCheck.Random([2, 3, 7, 4], 1, ScalarType.Float32);
        var (queries, keys) = (new PositionSpan(2, 3), new PositionSpan(1, 5));
        var whole = positions.ScoreBias(query, PositionSpan.Whole(7), PositionSpan.Whole(7));
        var block = positions.ScoreBias(query.narrow(2, 2, 3), queries, keys);
        if (whole is not null) TensorAssert.Close(whole.narrow(2, 2, 3).narrow(3, 1, 5), block!);
        var (allowed, allowedBlock) = (positions.Allowed(PositionSpan.Whole(7), PositionSpan.Whole(7), CPU), positions.Allowed(queries, keys, CPU));
        if (allowed is not null) TensorAssert.Close(allowed.narrow(2, 2, 3).narrow(3, 1, 5), allowedBlock!);
    }

    [Fact]
    public void Create_ImpossibleSizes_AreRefused()
    {
        Func<PositionEncoding>[] impossible =
        [
            () => new SinusoidalPositions(0), () => new SinusoidalPositions(4, wavelengthBase: 1), () => new LearnedPositions(0, 4), () => new LearnedPositions(4, 0),
            () => new ShawRelativePositions(0), () => new ShawRelativePositions(4, clipDistance: -1), () => new RelativeBiasPositions(0),
            () => new RelativeBiasPositions(2, buckets: 2), () => new RelativeBiasPositions(2, buckets: 5), () => new RelativeBiasPositions(2, buckets: 8, maxDistance: 2),
            () => new RotaryPositions(0), () => new RotaryPositions(4, frequencyBase: 1), () => new RotaryPositions(4, positionScale: 0.5), () => new AlibiPositions(0),
        ];
        Assert.All(impossible, create => Assert.Throws<ArgumentOutOfRangeException>(() => { create(); }));
        Assert.Throws<ArgumentOutOfRangeException>(() => PositionEncoding.Create(Shape with { Positions = (PositionScheme)99 }));
    }

    [Fact]
    public void Learned_BeyondTheMaximum_SaysSoAndHowToMendIt()
    {
        using var scope = NewDisposeScope();
        using var positions = new LearnedPositions(maxLength: 4, modelWidth: 6);
        var message = Assert.Throws<ArgumentException>(() => positions.AddToEmbeddings(zeros(2, 5, 6))).Message;
        Assert.StartsWith("embeddings [2,5,6] have 5 positions; learned positions were made for at most 4. Raise MaxLength", message, StringComparison.Ordinal);
    }

    [Fact]
    [HandSolved(typeof(LearnedPositions))]
    public void Learned_Add_AddsTheRowOfThePosition()
    {
        using var scope = NewDisposeScope();
        using var positions = new LearnedPositions(maxLength: 3, modelWidth: 2);
        GoldenLayer.SetParameters(positions, new() { ["weight"] = tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }) });
        TensorAssert.Close(tensor(new float[] { 11, 12, 13, 14 }, [1, 2, 2]), positions.AddToEmbeddings(full([1, 2, 2], 10)));
    }

    [Fact]
    [HandSolved(typeof(LearnedPositions))]
    public void Learned_Offset_BeginsWithThatRowOfALongerTable()
    {
        using var scope = NewDisposeScope();
        using var positions = new LearnedPositions(maxLength: 2, modelWidth: 2, offset: 1, rows: 4);
        GoldenLayer.SetParameters(positions, new() { ["weight"] = tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } }) });
        TensorAssert.Close(tensor(new float[] { 13, 14, 15, 16 }, [1, 2, 2]), positions.AddToEmbeddings(full([1, 2, 2], 10)));
        Assert.Contains("at most 2", Assert.Throws<ArgumentException>(() => positions.AddToEmbeddings(zeros(1, 3, 2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedPositions(2, 2, offset: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedPositions(2, 2, offset: 1, rows: 2));
    }

    [Fact]
    public void Shaw_ClipDistanceZero_KnowsNoPosition()
    {
        using var scope = NewDisposeScope();
        using var positions = new ShawRelativePositions(headWidth: 4, clipDistance: 0);
        var query = GradientCheck.Random([1, 1, 1, 4], 1, ScalarType.Float32).expand(1, 1, 5, 4);
        var bias = positions.ScoreBias(query, PositionSpan.Whole(5), PositionSpan.Whole(5));
        TensorAssert.Close(bias.narrow(3, 0, 1).expand(1, 1, 5, 5), bias);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [HandSolved(typeof(RotaryPositions))]
    public void Rotary_TwoPairs_TurnByOneAndByAHundredth(bool interleaved)
    {
        using var scope = NewDisposeScope();
        using var positions = new RotaryPositions(headWidth: 4, interleaved: interleaved);
        static (double, double) Turned(double x, double y, double angle) => (x * Math.Cos(angle) - y * Math.Sin(angle), x * Math.Sin(angle) + y * Math.Cos(angle));
        var ((a, b), (c, d)) = interleaved ? (Turned(1, 2, 1), Turned(3, 4, 0.01)) : (Turned(1, 3, 1), Turned(2, 4, 0.01));

        var (query, _) = positions.TransformQueryKey(tensor(new double[] { 1, 2, 3, 4 }).expand(1, 1, 2, 4), zeros(1, 1, 5, 4, ScalarType.Float64));

        TensorAssert.Close(tensor(interleaved ? [1, 2, 3, 4, a, b, c, d] : new[] { 1, 2, 3, 4, a, c, b, d }, [1, 1, 2, 4]), query, 1e-12);
    }

    [Fact]
    [HandSolved(typeof(AlibiPositions))]
    public void Alibi_TwoHeads_FallBySlopeTimesDistance()
    {
        using var scope = NewDisposeScope();
        using var positions = new AlibiPositions(heads: 2);
        var bias = positions.ScoreBias(zeros(1, 2, 1, 3, ScalarType.Float64), new PositionSpan(1, 1), PositionSpan.Whole(4)); // slopes 1/16 and 1/256
        TensorAssert.Close(tensor(new[] { -1, 0, -1, -2, -1 / 16.0, 0, -1 / 16.0, -2 / 16.0 }, [1, 2, 1, 4]).div(16), bias, 1e-15);
    }

    [Fact]
    [HandSolved(typeof(NoPositions))]
    public void None_EveryHook_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var positions = new NoPositions();
        var (x, span) = (ones(1, 1, 3, 5), PositionSpan.Whole(3));
        Assert.Same(x, positions.AddToEmbeddings(x));
        Assert.Equal((x, x), positions.TransformQueryKey(x, x));
        Assert.Null(positions.ScoreBias(x, span, span));
        Assert.Null(positions.Allowed(span, span, CPU));
        Assert.Null(positions.ValueBias(x, span, span));
    }

    [Fact]
    public void Rotary_FirstUsedInInferenceMode_ServesTrainingAfterwards()
    {
        using var scope = NewDisposeScope();
        using var positions = new RotaryPositions(headWidth: 2);
        using (inference_mode()) positions.Rotate(ones(5, 2));
        var x = ones(5, 2, requires_grad: true);
        positions.Rotate(x).square().sum().backward();
        TensorAssert.Close(full(5, 2, 2), x.grad!); // a rotation keeps the length: the gradient is that of |x|²
    }

    [Fact]
    public void Rotary_PositionScale_TurnsSlower()
    {
        using var scope = NewDisposeScope();
        using var plain = new RotaryPositions(headWidth: 2);
        using var scaled = new RotaryPositions(headWidth: 2, positionScale: 2);
        var x = tensor(new float[] { 1, 0 }).expand(5, 2);
        TensorAssert.Close(plain.Rotate(x).narrow(0, 2, 1), scaled.Rotate(x).narrow(0, 4, 1));
        TensorAssert.Close(tensor(new float[,] { { MathF.Cos(1), MathF.Sin(1) } }), plain.Rotate(x).narrow(0, 1, 1));
    }

    [Fact]
    public void Rotary_OddHeadWidth_SaysWhatToChange() =>
        Assert.StartsWith("headWidth = 5: must be even", Assert.Throws<ArgumentException>(() => new RotaryPositions(5)).Message, StringComparison.Ordinal);

    [Fact]
    public void Alibi_OneSided_FirstHalfLooksLeftTheOthersRight()
    {
        using var scope = NewDisposeScope();
        using var positions = new AlibiPositions(heads: 3, oneSided: true);
        var span = PositionSpan.Whole(3);
        var allowed = positions.Allowed(span, span, CPU)!;
        for (var head = 0; head < 3; head++)
        {
            var expected = head < 2 ? ones(3, 3).tril() : ones(3, 3).triu();
            TensorAssert.Close(expected, allowed.select(1, head).squeeze(0).to(ScalarType.Float32), 0, 0);
        }
        Assert.Equal([Math.Pow(2, -4), Math.Pow(2, -8), Math.Pow(2, -8)], positions.Slopes);
    }

    [Fact]
    public void Alibi_OneSidedWithMeanPooling_TellsATextFromItsReversal()
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("alibi.json")["reversal_symmetry"];
        using var positions = new AlibiPositions(heads: 2, oneSided: true);
        using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 8, Heads = 2 }, positions);
        GoldenLayer.SetParameters(layer, GoldenLayer.ToLayerNames(goldenCase.Tensors("params")));
        Tensor Pooled(Tensor x) => layer.call(x, x, x, null).mean([1]);
        var x = goldenCase.Tensor("X");
        Assert.True(Pooled(x).sub(Pooled(x.flip(1))).abs().max().item<float>() > 0.01);
    }

    [Fact]
    public void Create_CausalModel_GetsTheCausalFormOfTheScheme()
    {
        using var scope = NewDisposeScope();
        var causal = Shape with { Mask = MaskKind.Causal };
        using var alibi = PositionEncoding.Create(causal with { Positions = PositionScheme.Alibi });
        using var bidirectionalAlibi = PositionEncoding.Create(Shape with { Positions = PositionScheme.Alibi });
        Assert.Null(alibi.Allowed(PositionSpan.Whole(3), PositionSpan.Whole(3), CPU));
        Assert.NotNull(bidirectionalAlibi.Allowed(PositionSpan.Whole(3), PositionSpan.Whole(3), CPU));
        using var bias = PositionEncoding.Create(causal with { Positions = PositionScheme.RelativeBias });
        GoldenLayer.SetParameters(bias, new() { ["bias"] = arange(96, ScalarType.Float32).view(32, 3) });
        var row = bias.ScoreBias(zeros(1, 3, 1, 4), new PositionSpan(20, 1), PositionSpan.Whole(20))!.select(1, 0).flatten();
        TensorAssert.Close(tensor(new float[] { 17 * 3, 17 * 3, 16 * 3, 16 * 3, 16 * 3, 15 * 3 }), row.narrow(0, 0, 6)); // distances -20 .. -15
    }

    [Fact]
    public void Maker_AnyFunction_IsAScheme()
    {
        using var scope = NewDisposeScope();
        Func<SequenceModelOptions, PositionEncoding>[] makers = [PositionEncoding.Create, shape => new SinusoidalPositions(shape.ModelWidth)];
        using var first = makers[0](Shape with { Positions = PositionScheme.Rotary });
        using var second = makers[1](Shape);
        Assert.IsType<RotaryPositions>(first);
        Assert.Equal([1, 2, 12], second.AddToEmbeddings(zeros(1, 2, 12)).shape);
    }
}
