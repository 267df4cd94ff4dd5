using MlAttention.Torch.Attention;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Attention;

/// <summary>What is measured: one forward and backward pass over n tokens.</summary>
internal static class Workload
{
    public const int Heads = 2;
    public const int HeadWidth = 32;
    public const int WindowRadius = 64;
    public const int EncoderLayers = 8;

    /// <summary>Names of the attention algorithms, in the order of the report.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["full", "chunked", "window", "linear", "performer"];

    /// <summary>The pass of a name with n tokens, on inputs made beforehand.</summary>
    public static Action Create(string name, int length) => name switch
    {
        "full" => Attention(new FullAttention(), length),
        "chunked" => Attention(new ChunkedAttention(), length),
        "window" => Attention(new LocalWindowAttention(WindowRadius), length),
        "linear" => Attention(new LinearAttention(), length),
        "performer" => Attention(new PerformerAttention(features: 64), length),
        "encoder" => Encoder(length, checkpoint: false),
        "encoder-checkpointed" => Encoder(length, checkpoint: true),
        _ => throw new ArgumentException($"'{name}' is no workload. Use one of: {string.Join(", ", Algorithms)}, encoder, encoder-checkpointed.", nameof(name)),
    };

    private static Action Attention(IAttentionAlgorithm algorithm, int length)
    {
        long[] shape = [1, Heads, length, HeadWidth];
        var (query, key, value) = (Leaf(shape), Leaf(shape), Leaf(shape));
        var score = new ScaledDotProductScore();
        return () =>
        {
            using var scope = NewDisposeScope();
            var output = algorithm.Attend(new AttentionInputs(query, key, value, score)).Output;
            autograd.grad([output.sum()], [query, key, value]);
        };
    }

    private static Action Encoder(int length, bool checkpoint)
    {
        var encoder = new AttentionEncoder(new SequenceModelOptions { Layers = EncoderLayers, MaxLength = length, Dropout = 0, GradientCheckpointing = checkpoint });
        var (x, mask) = (Leaf([4, length, 64]), ones(4, length, dtype: ScalarType.Bool));
        return () =>
        {
            using var scope = NewDisposeScope();
            autograd.grad([encoder.call(x, mask).sum()], [x, .. encoder.parameters()]);
        };
    }

    private static Tensor Leaf(long[] shape) => randn(shape).requires_grad_();
}
