using MlAttention.Encoders;
using MlAttention.Engines;
using MlAttention.Positions;
using MlAttention.Randomness;
using MlAttention.Training;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>The classifier that all contestants run, and its batches; peer/peer.py has the same in PyTorch.</summary>
internal static class ReferenceModel
{
    public const int Vocabulary = 5000, Width = 64, Hidden = 128, Layers = 2, Classes = 4, BatchRows = 32;

    /// <summary>What the model is, in one line of a report.</summary>
    public const string Description = "vocabulary 5000, width 64, 4 heads, 2 post-norm layers, feed-forward 128 with relu, learned positions, mean pooling, AdamW";

    /// <summary>The model for sequences of up to <paramref name="length"/> tokens, on one engine and one thread.</summary>
    public static EngineConfiguration Configuration(EngineKind engine, int length, double dropout, int threads = 1)
    {
        var model = new SequenceModelOptions
        {
            ModelWidth = Width, Heads = 4, Layers = Layers, FeedForwardWidth = Hidden, MaxLength = length, Dropout = dropout,
            Positions = PositionScheme.Learned, Norm = NormPlacement.Post, Activation = ActivationKind.Relu, Pooling = PoolingKind.Mean,
        };
        return new EngineConfiguration(model, Vocabulary, Classes, new TrainingOptions { Engine = engine, Threads = threads, MaxGradientNorm = 0 });
    }

    /// <summary>A batch of random tokens; its lengths are all the same, or spread evenly over [n/4, n].</summary>
    public static TokenBatch Batch(int rows, int length, bool variable = false)
    {
        var random = new Xoshiro256(7);
        var lengths = Enumerable.Range(0, rows).Select(row => variable ? length / 4 + (length - length / 4) * row / (rows - 1) : length).ToArray();
        random.Shuffle(lengths.AsSpan());
        var tokens = new int[rows * length];
        for (var row = 0; row < rows; row++)
            for (var position = 0; position < lengths[row]; position++) tokens[row * length + position] = 1 + random.NextInt(Vocabulary - 1);
        return new TokenBatch { Rows = rows, Length = length, Tokens = tokens, Lengths = lengths, Labels = [.. lengths.Select(_ => random.NextInt(Classes))] };
    }

    /// <summary>
    /// Floating-point operations of the matrix products of a training step: forward, and twice as many backward. A layer's linear
    /// maps take 2 (4 D^2 + 2 D F) a token, scores and weighted values 4 n D.
    /// </summary>
    public static double StepOperations(int length) =>
        3.0 * BatchRows * length * Layers * (2 * (4 * Width * Width + 2 * Width * Hidden) + 4.0 * length * Width);
}
