using MlAttention.Core.Randomness;
using MlAttention.Torch.Attention;
using static TorchSharp.torch;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The weights that each algorithm gives the same queries and keys: its output for values that are the identity.</summary>
internal static class AlgorithmPicture
{
    private const int Tokens = 16, HeadWidth = 16;
    private const double Closeness = 0.7;

    public static IReadOnlyList<Picture> All { get; } = new PanelPicture("algorithms", "The weights of each algorithm for the same queries and keys", Tokens, across: 3,
    [
        Panel("Full", "all 16 x 16 scores at once", "", new() { Algorithm = AttentionAlgorithm.Full }),
        Panel("Chunked", "blocks of 4 x 4, one at a time:", "the same weights", new() { Algorithm = AttentionAlgorithm.Chunked, BlockSize = 4 }),
        Panel("Local window", "scores of keys at most 3 away,", "and no others", new() { Algorithm = AttentionAlgorithm.LocalWindow, WindowRadius = 3 }, AttentionMask.LocalWindow(3)),
        Panel("Linear", "no scores: a kernel of its own,", "flatter than the softmax", new() { Algorithm = AttentionAlgorithm.Linear }),
        Panel("Performer, 16 features", "no scores: the softmax estimated", "with 16 random features", new() { Algorithm = AttentionAlgorithm.Performer, RandomFeatures = 16 }),
        Panel("Performer, 256 features", "the error falls with the root of", "their number", new() { Algorithm = AttentionAlgorithm.Performer, RandomFeatures = 256 }),
    ]).Pictures;

    /// <summary>The weights of an algorithm for queries that each resemble one key.</summary>
    public static double[,] Weights(AttentionOptions options, AttentionMask? mask = null)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var key = Random("keys");
        var query = key.add(Random("queries")).mul(Closeness);
        var output = IAttentionAlgorithm.Create(options).Attend(new AttentionInputs(query, key, eye(Tokens, dtype: ScalarType.Float64).reshape(1, 1, Tokens, Tokens), score) { Mask = mask }).Output;
        double[] weights = output.contiguous().data<double>().ToArray();
        bool[]? allowed = mask?.ToTensor(Tokens, Tokens).expand(1, 1, Tokens, Tokens).contiguous().data<bool>().ToArray();
        return PanelPicture.Panel.Of("", [], Tokens, (i, j) => allowed is null || allowed[i * Tokens + j] ? weights[i * Tokens + j] : double.NaN).Values;
    }

    private static PanelPicture.Panel Panel(string name, string line, string nextLine, AttentionOptions options, AttentionMask? mask = null) => new(name, [line, nextLine], Weights(options, mask));

    private static Tensor Random(string name)
    {
        var random = Xoshiro256.For(1, $"{name} in a picture");
        return tensor(Enumerable.Range(0, Tokens * HeadWidth).Select(_ => random.NextNormal()).ToArray()).reshape(1, 1, Tokens, HeadWidth);
    }
}
