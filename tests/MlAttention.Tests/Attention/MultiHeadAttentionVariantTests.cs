using MlAttention.Architecture;
using MlAttention.Attention;
using MlAttention.Positions;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>The causal mask, and the weights, with every algorithm and position scheme. Sizes: batch 3, length 7, heads 3, width 24.</summary>
public sealed class MultiHeadAttentionVariantTests
{
    public static TheoryData<AttentionAlgorithm, PositionScheme> VariantsWithWeights { get; } = VariantsOf(AttentionAlgorithm.Full, AttentionAlgorithm.Chunked, AttentionAlgorithm.LocalWindow);

    /// <summary>All but Performer: its keys share one scaling constant, so that later tokens reach earlier ones by the rounding of exp.</summary>
    public static TheoryData<AttentionAlgorithm, PositionScheme> CausalVariants { get; } = VariantsOf([.. Enum.GetValues<AttentionAlgorithm>().Except([AttentionAlgorithm.Performer])]);

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
