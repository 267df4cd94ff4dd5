using MlAttention.Tests.Golden;
using MlAttention.Torch.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention.Algorithms;

/// <summary>Inputs of prime sizes: batch 2, heads 3, queries 7, keys 11, head width 5, value width 13.</summary>
internal static class AlgorithmCases
{
    public static Tensor Query() => GradientCheck.Random([2, 3, 7, 5], 1);

    public static Tensor Key() => GradientCheck.Random([2, 3, 11, 5], 2);

    public static Tensor Value(int width = 13) => GradientCheck.Random([2, 3, 11, width], 3);

    public static IAttentionAlgorithm Create(AttentionAlgorithm algorithm) =>
        IAttentionAlgorithm.Create(new AttentionOptions { Algorithm = algorithm, BlockSize = 3, WindowRadius = 11, RandomFeatures = 7 });

    public static AttentionMask? Mask(MaskCase mask) => mask switch
    {
        MaskCase.Padding => AttentionMask.Padding([11, 4], 11),
        MaskCase.Causal => AttentionMask.Causal(),
        MaskCase.Window => AttentionMask.LocalWindow(1),
        MaskCase.PaddingAndCausal => AttentionMask.Padding([11, 0], 11) & AttentionMask.Causal(),
        MaskCase.GlobalTokens => AttentionMask.WindowWithGlobalTokens(1, 2),
        MaskCase.ByHead => AttentionMask.From(GradientCheck.Random([2, 3, 7, 11], 8).gt(0)),
        _ => null,
    };

    public static PositionEncoding Positions(PositionCase positions) => positions switch
    {
        PositionCase.Shaw => new ShawRelativePositions(headWidth: 5, clipDistance: 3),
        PositionCase.ShawKeysOnly => new ShawRelativePositions(headWidth: 5, clipDistance: 3, onValues: false),
        PositionCase.RelativeBias => new RelativeBiasPositions(heads: 3, buckets: 8, maxDistance: 6),
        PositionCase.AlibiSymmetric => new AlibiPositions(heads: 3),
        PositionCase.AlibiOneSided => new AlibiPositions(heads: 3, oneSided: true),
        _ => new NoPositions(),
    };

    /// <summary>Output and all gradients agree.</summary>
    public static void AssertSame(IAttentionAlgorithm expected, IAttentionAlgorithm actual, ScoreFunction function, MaskCase mask, PositionCase positionCase, double temperature = 0.7)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var score = AttentionScore.Create(function, 5, 5, 7);
        using var positions = Positions(positionCase);
        foreach (var parameter in positions.parameters()) nn.init.normal_(parameter);
        score.to(ScalarType.Float64);
        positions.to(ScalarType.Float64);
        Tensor[] leaves = [Query().requires_grad_(), Key().requires_grad_(), Value(positionCase == PositionCase.Shaw ? 5 : 13).requires_grad_(), .. score.parameters(), .. positions.parameters()];
        var inputs = new AttentionInputs(leaves[0], leaves[1], leaves[2], score) { Mask = Mask(mask), Positions = positions, Temperature = temperature };

        var (expectedOutput, actualOutput) = (expected.Attend(inputs).Output, actual.Attend(inputs).Output);

        TensorAssert.Close(expectedOutput, actualOutput, 1e-12, 1e-12, "output");
        var expectedGradients = autograd.grad([expectedOutput.square().sum()], leaves);
        var actualGradients = autograd.grad([actualOutput.square().sum()], leaves);
        for (var i = 0; i < leaves.Length; i++) TensorAssert.Close(expectedGradients[i], actualGradients[i], 1e-11, 1e-10, $"gradient {i}");
    }
}
