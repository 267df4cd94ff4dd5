using MlAttention.Attention;
using MlAttention.Positions;
using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>What the layer promises with every algorithm and position scheme. Sizes: batch 3, length 7, heads 3, width 24.</summary>
public sealed class MultiHeadAttentionVariantTests
{
    public static TheoryData<AttentionAlgorithm, PositionScheme> Variants { get; } = VariantsOf(Enum.GetValues<AttentionAlgorithm>());

    public static TheoryData<AttentionAlgorithm, PositionScheme> VariantsWithWeights { get; } = VariantsOf(AttentionAlgorithm.Full, AttentionAlgorithm.Chunked, AttentionAlgorithm.LocalWindow);

    /// <summary>All but Performer: its keys share one scaling constant, so that later tokens reach earlier ones by the rounding of exp.</summary>
    public static TheoryData<AttentionAlgorithm, PositionScheme> CausalVariants { get; } = VariantsOf([.. Enum.GetValues<AttentionAlgorithm>().Except([AttentionAlgorithm.Performer])]);

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
    [MemberData(nameof(CausalVariants))]
    public void Attend_LaterTokensChangeUnderCausalMask_EarlierOutputsStay(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
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
    [MemberData(nameof(VariantsWithWeights))]
    public void Attend_WithWeights_LeavesNoTensorButThem(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        using var layer = Layer(algorithm, scheme);
        using var x = Sequence(7, 24, 1);
        using var scope = NewDisposeScope();

        var (_, weights) = layer.Attend(x, x, x, AttentionMask.Padding([7, 3, 1], 7), returnWeights: true);

        Assert.Equal([3, 3, 7, 7], weights!.shape);
        Assert.Equal(2, scope.DisposablesCount);
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
    [InlineData(PositionScheme.None)]
    [InlineData(PositionScheme.Sinusoidal)]
    [InlineData(PositionScheme.Learned)]
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
        GradientCheck.Run(
            () =>
            {
                var placed = positions.AddToEmbeddings(x);
                return layer.call(placed, placed, placed, AttentionMask.Padding([3, 2], 3));
            },
            [x, .. layer.parameters(), .. shared]);
    }

    /// <summary>Each algorithm with the schemes that it takes.</summary>
    private static TheoryData<AttentionAlgorithm, PositionScheme> VariantsOf(params AttentionAlgorithm[] algorithms)
    {
        var variants = new TheoryData<AttentionAlgorithm, PositionScheme>();
        foreach (var algorithm in algorithms)
        {
            var formsScores = algorithm is not (AttentionAlgorithm.Linear or AttentionAlgorithm.Performer);
            foreach (var scheme in formsScores ? Enum.GetValues<PositionScheme>() : [PositionScheme.None, PositionScheme.Rotary]) variants.Add(algorithm, scheme);
        }
        return variants;
    }

    private static Tensor Sequence(int length, int width, int seed) => GradientCheck.Random([3, length, width], seed, ScalarType.Float32);

    /// <summary>A layer of width 24 with 3 heads; the window is as wide as the longest text.</summary>
    private static MultiHeadAttention Layer(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        var positions = PositionFactory.Create(scheme, new PositionShape(24, 3, 7), new PositionOptions { ClipDistance = 3, Buckets = 8, MaxDistance = 6 });
        return new MultiHeadAttention(new AttentionOptions { ModelWidth = 24, Heads = 3, Algorithm = algorithm, BlockSize = 3, WindowRadius = 7, RandomFeatures = 32 }, positions);
    }
}
