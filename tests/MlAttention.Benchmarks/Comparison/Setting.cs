using MlAttention.Core.Engines;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>A model and the batch it runs on, the same for all contestants.</summary>
/// <param name="Model">The model's size.</param>
/// <param name="Rows">Sequences B of the batch.</param>
/// <param name="Length">Tokens n of a sequence.</param>
internal sealed record Setting(ReferenceModel Model, int Rows, int Length)
{
    public const double LearningRate = 1e-3, WeightDecay = 0.01;

    /// <summary>What training drops.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the lengths are spread evenly over [n/4, n] instead of all being n.</summary>
    public bool Variable { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>
    /// Floating-point operations of the matrix products of a scoring pass: a layer's linear maps take 2 (4 D^2 + 2 D F) a token,
    /// scores and weighted values 4 n D.
    /// </summary>
    public double ScoreOperations => (double)Rows * Length * Model.Layers * (2 * (4 * Model.Width * Model.Width + 2 * Model.Width * Model.Hidden) + 4.0 * Length * Model.Width);

    /// <summary>The same of a training step: forward, and twice as many backward.</summary>
    public double StepOperations => 3 * ScoreOperations;

    /// <summary>The model on one of our engines.</summary>
    public EngineConfiguration Configuration(EngineKind engine)
    {
        var model = new SequenceModelOptions
        {
            ModelWidth = Model.Width, Heads = Model.Heads, Layers = Model.Layers, FeedForwardWidth = Model.Hidden, MaxLength = Length, Dropout = Dropout,
            Positions = PositionScheme.Learned, Norm = NormPlacement.Post, Activation = ActivationKind.Relu, Pooling = PoolingKind.Mean,
        };
        return new EngineConfiguration(model, Model.Vocabulary, ReferenceModel.Classes)
        {
            Compute = new() { Engine = engine, Threads = Threads },
            Optimizer = new() { WeightDecay = WeightDecay, MaxGradientNorm = 0 },
        };
    }

    /// <summary>The weights from which all contestants start; those of our engines.</summary>
    public IReadOnlyList<WeightTensor> Weights()
    {
        var configuration = Configuration(EngineKind.Managed);
        return WeightInitializer.Create(WeightLayout.Of(configuration.Model, configuration.EmbeddingRows, configuration.Classes), configuration.Seed);
    }

    /// <summary>Random tokens and labels.</summary>
    public TokenBatch Batch()
    {
        var random = new Xoshiro256(7);
        var lengths = Enumerable.Range(0, Rows).Select(row => Variable ? Length / 4 + (Length - Length / 4) * row / (Rows - 1) : Length).ToArray();
        random.Shuffle(lengths.AsSpan());
        var tokens = new int[Rows * Length];
        for (var row = 0; row < Rows; row++)
            for (var position = 0; position < lengths[row]; position++) tokens[row * Length + position] = 1 + random.NextInt(Model.Vocabulary - 1);
        return new TokenBatch { Rows = Rows, Length = Length, Tokens = tokens, Lengths = lengths, Labels = [.. lengths.Select(_ => random.NextInt(ReferenceModel.Classes))] };
    }
}
