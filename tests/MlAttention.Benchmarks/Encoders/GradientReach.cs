using MlAttention.Core.Sequences;
using static MlAttention.Torch.Tensors.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>On which tokens the first output depends, and how strongly: the gradient |d out_0 / d in_d| by the distance d.</summary>
internal static class GradientReach
{
    private const int Rows = 64;

    /// <summary>The farthest token that the first output depends on, by the number of layers.</summary>
    public static IReadOnlyList<ReachPoint> Reach(IReadOnlyList<int> layers, int length) => [.. Contestant.Timed.SelectMany(contestant => layers.Select(count =>
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        var norms = Norms(contestant.NewEncoder(count), randn(Rows, length, Contestant.Width));
        return new ReachPoint(contestant.Name, count, length, Enumerable.Range(0, length).Last(distance => norms[distance] != 0));
    }))];

    /// <summary>The gradients of each encoder with its initial weights and after training on <see cref="RecallTask"/>, where only the last token matters.</summary>
    public static IReadOnlyList<GradientCurve> Measure(int distance, EncoderTraining training) => [.. new[] { false, true }.SelectMany(isTrained => Contestant.Courses.Select(contestant =>
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        var model = contestant.Model with { Pooling = PoolingKind.First };
        var classifier = new SequenceClassifier(model, TokenIds.EmbeddingRows(RecallTask.Symbols, model), RecallTask.Symbols);
        if (isTrained) ModuleWeights.Set(classifier, RecallTask.Train(contestant, distance, seed: 1, training).Training.Weights);
        var parts = classifier.named_children().ToDictionary(child => child.name, child => child.module);
        var rows = RecallTask.Rows(distance, Rows, seed: 1, "test");
        var embeddings = classifier.Lookup(tensor(rows.Tokens.Take(rows.Offsets[^1]).Select(token => (long)token).ToArray(), [Rows, distance + 1])) * Number(Math.Sqrt(Contestant.Width));
        var x = parts.GetValueOrDefault("positions") is PositionEncoding positions ? positions.AddToEmbeddings(embeddings) : embeddings;
        return new GradientCurve(contestant.Name, isTrained, Norms((SequenceEncoder)parts["encoder"], x));
    }))];

    /// <summary>The norm of the gradient of the first output, in a random direction of length 1, with respect to each token; the mean over rows.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="x">[B,L,D].</param>
    private static double[] Norms(SequenceEncoder encoder, Tensor x)
    {
        encoder.eval();
        var input = x.detach().requires_grad_();
        var direction = nn.functional.normalize(randn(x.shape[0], x.shape[2]), dim: 1);
        var output = encoder.call(input, ones(x.shape[0], x.shape[1], dtype: ScalarType.Bool)).select(1, 0);      // [B,D]
        var gradient = autograd.grad([(output * direction).sum()], [input])[0];                                // [B,L,D]
        return [.. gradient.norm(2).mean([0]).to(ScalarType.Float64).data<double>()];
    }
}
