using MlAttention.Core.Managed.Network;
using MlAttention.Core.Optimizers;

namespace MlAttention.Core.Managed;

/// <summary>
/// Trains in plain C#: chunks of whole sequences go to workers, one a thread, each with gradients of its own, which are then added
/// in the workers' order. The same thread count gives the same bits.
/// </summary>
internal sealed unsafe class ManagedEngine<T> : ISequenceEngine where T : struct, ILanes<T>
{
    private readonly EngineConfiguration _configuration;
    private readonly FlatWeights _weights;
    private readonly PackedModel<T> _model;
    private readonly Optimizer _optimizer;
    private readonly Worker<T>[] _workers;
    private readonly double[] _losses;
    private WorkerTeam? _team;
    private bool _packed;

    public ManagedEngine(EngineConfiguration configuration)
    {
        _configuration = configuration;
        var layout = WeightLayout.Of(configuration.Model, configuration.EmbeddingRows, configuration.Classes);
        _weights = new FlatWeights(layout);
        _weights.Set(WeightInitializer.Create(layout, configuration.Seed));
        _model = new PackedModel<T>(configuration, _weights);
        _optimizer = Optimizer.Create(layout, configuration.Optimizer);
        int threads = configuration.Compute.Threads > 0 ? configuration.Compute.Threads : Environment.ProcessorCount;
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker<T>(configuration, _model, trains: true))];
        _losses = new double[threads];
    }

    public string Name => nameof(EngineKind.Managed);

    public double Accumulate(TokenBatch batch, float scale, ulong dropoutSeed)
    {
        Pack();
        var chunks = Chunks.Of(batch);
        _team ??= new WorkerTeam(_workers.Length);
        _team.Run(worker =>
        {
            double loss = 0;
            for (int chunk = worker; chunk < chunks.Count; chunk += _workers.Length)
            {
                var (from, to) = chunks[chunk];
                loss += _workers[worker].Train(batch, from, to, scale, new Dropout(_configuration.Model.Dropout, dropoutSeed, chunk));
            }
            _losses[worker] = loss;
        });
        return _losses.Sum();
    }

    public double Step(double learningRate)
    {
        var sum = SumGradients();
        var gradients = new ReadOnlySpan<float>(sum.Dense, checked((int)_weights.Count));
        double norm = Math.Sqrt(sum.SumOfSquares());
        if (double.IsFinite(norm))
        {
            _optimizer.BeginStep(learningRate);
            float scale = _optimizer.ClipScale(norm);
            for (int i = 0; i < _weights.Layout.Count; i++)
            {
                var weight = _weights.Layout[i];
                _optimizer.Update(i, _weights.Span(weight), gradients.Slice((int)_weights.Offset(weight.Name), weight.Count), scale);
            }
            _packed = false;
        }
        sum.Clear();
        return norm;
    }

    public void Score(TokenBatch batch, Span<float> logits)
    {
        Pack();
        _workers[0].Score(batch, logits);
    }

    public IReadOnlyList<WeightTensor> GetWeights() => _weights.ToTensors();

    public void SetWeights(IReadOnlyList<WeightTensor> weights)
    {
        _weights.Set(weights);
        _packed = false;
    }

    public IReadOnlyList<WeightTensor> GetOptimizerState() => _optimizer.GetState();

    public void SetOptimizerState(IReadOnlyList<WeightTensor> state) => _optimizer.SetState(state);

    /// <summary>The gradients accumulated since the last step, before clipping, for comparison with other engines and references.</summary>
    public IReadOnlyList<WeightTensor> GetGradients()
    {
        var sum = SumGradients();
        return [.. _weights.Layout.Select(weight => new WeightTensor(weight.Name, weight.Shape,
            new ReadOnlySpan<float>(sum.Dense + _weights.Offset(weight.Name), weight.Count).ToArray()))];
    }

    public void Dispose()
    {
        _team?.Dispose();
        foreach (var worker in _workers) worker.Dispose();
        _model.Dispose();
        _weights.Dispose();
    }

    /// <summary>Adds all workers' gradients to the first one's, in the workers' order.</summary>
    private PackedGradients<T> SumGradients()
    {
        var sum = _workers[0].Gradients;
        sum.Unpack();
        foreach (var worker in _workers.Skip(1))
        {
            worker.Gradients.Unpack();
            worker.Gradients.AddTo(sum);
            worker.Gradients.Clear();
        }
        return sum;
    }

    private void Pack()
    {
        if (_packed) return;
        _model.Pack();
        _packed = true;
    }
}
