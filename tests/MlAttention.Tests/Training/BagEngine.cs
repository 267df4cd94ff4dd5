using MlAttention.Core.Engines;
using MlAttention.Core.Optimizers;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Training;

/// <summary>The smallest engine that learns: the mean of trained token scores, with dropout of tokens. No native code.</summary>
internal sealed class BagEngine : ISequenceEngine
{
    private readonly EngineConfiguration _configuration;
    private readonly Optimizer _optimizer;
    private readonly float[] _weights;
    private readonly float[] _gradients;

    public BagEngine(EngineConfiguration configuration)
    {
        _configuration = configuration;
        Layout = [new WeightShape("head.weight", [configuration.EmbeddingRows, configuration.Classes], WeightInit.Zero, Decays: true)];
        _optimizer = Optimizer.Create(Layout, configuration.Optimizer);
        _weights = new float[Layout[0].Count];
        _gradients = new float[_weights.Length];
        var random = Xoshiro256.For(configuration.Seed, "bag");
        for (var i = 0; i < _weights.Length; i++) _weights[i] = (float)random.NextNormal() * 0.1f;
    }

    public string Name => "Bag";

    public IReadOnlyList<WeightShape> Layout { get; }

    /// <summary>Every batch that was trained on.</summary>
    public List<TokenBatch> Trained { get; } = [];

    public List<float> Scales { get; } = [];

    public List<ulong> DropoutSeeds { get; } = [];

    public List<double> Rates { get; } = [];

    /// <summary>Called before each batch, with the number of batches before it.</summary>
    public Action<int>? BeforeBatch { get; init; }

    /// <summary>The loss that the given batch reports instead of its own.</summary>
    public Func<int, double?>? LossOf { get; init; }

    public bool IsDisposed { get; private set; }

    public double Accumulate(TokenBatch batch, float scale, ulong dropoutSeed)
    {
        var number = Trained.Count;
        BeforeBatch?.Invoke(number);
        Trained.Add(batch);
        Scales.Add(scale);
        DropoutSeeds.Add(dropoutSeed);
        var random = new Xoshiro256(dropoutSeed);
        var loss = 0.0;
        for (var row = 0; row < batch.Rows; row++)
        {
            var kept = Tokens(batch, row).Where(_ => random.NextDouble() >= _configuration.Model.Dropout).ToArray();
            var weight = batch.RowWeights.Length == 0 ? 1 : batch.RowWeights[row];
            var probabilities = Softmax(Logits(kept));
            loss -= weight * Math.Log(probabilities[batch.Labels[row]]);
            for (var c = 0; c < probabilities.Length; c++)
                foreach (var token in kept)
                    _gradients[token * probabilities.Length + c] += scale * weight * (float)(probabilities[c] - (c == batch.Labels[row] ? 1 : 0)) / kept.Length;
        }
        return LossOf?.Invoke(number) ?? loss;
    }

    public double Step(double learningRate)
    {
        Rates.Add(learningRate);
        var norm = Math.Sqrt(Optimizer.SumOfSquares(_gradients));
        _optimizer.BeginStep(learningRate);
        _optimizer.Update(0, _weights, _gradients, _optimizer.ClipScale(norm));
        Array.Clear(_gradients);
        return norm;
    }

    public void Score(TokenBatch batch, Span<float> logits)
    {
        for (var row = 0; row < batch.Rows; row++)
            Logits([.. Tokens(batch, row)]).CopyTo(logits[(row * _configuration.Classes)..]);
    }

    public IReadOnlyList<WeightTensor> GetWeights(IReadOnlyList<WeightTensor>? earlier = null) => [new("head.weight", Layout[0].Shape, [.. _weights])];

    public void SetWeights(IReadOnlyList<WeightTensor> weights) => weights[0].Values.CopyTo(_weights, 0);

    public IReadOnlyList<WeightTensor> GetOptimizerState() => _optimizer.GetState();

    public void SetOptimizerState(IReadOnlyList<WeightTensor> state) => _optimizer.SetState(state);

    public void Dispose() => IsDisposed = true;

    private static IEnumerable<int> Tokens(TokenBatch batch, int row) =>
        batch.Tokens.Skip(row * batch.Length).Take(batch.Lengths[row]);

    private float[] Logits(int[] tokens)
    {
        var logits = new float[_configuration.Classes];
        foreach (var token in tokens)
            for (var c = 0; c < logits.Length; c++) logits[c] += _weights[token * logits.Length + c] / tokens.Length;
        return logits;
    }

    private static double[] Softmax(float[] logits)
    {
        var exponentials = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }
}
