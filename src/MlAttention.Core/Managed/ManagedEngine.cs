using MlAttention.Core.Managed.Network;
using MlAttention.Core.Optimizers;

namespace MlAttention.Core.Managed;

/// <summary>
/// Trains in plain C#: chunks of whole sequences go to workers, one a thread, each with gradients of its own, which are then added
/// in the workers' order. The same thread count gives the same bits.
/// </summary>
/// <remarks>
/// A step costs what is trained: frozen layers have no backward pass, gradients or moments, and of the embedding only the rows of
/// tokens that have occurred are read and written; a row that never occurred could not change (see <see cref="Optimizer"/>).
/// </remarks>
internal sealed unsafe class ManagedEngine<T> : ISequenceEngine where T : struct, ILanes<T>
{
    /// <summary>Fewer weights than these are not worth waking other threads for.</summary>
    private const int SharedWeights = 1 << 20;

    /// <summary>Floats, and rows of the embedding, that a thread updates at a time.</summary>
    private const int UpdateFloats = 1 << 15, UpdateRows = 64;

    private readonly EngineConfiguration _configuration;
    private readonly FlatWeights _weights;
    private readonly PackedModel<T> _model;
    private readonly Optimizer _optimizer;
    private readonly Worker<T>[] _workers;
    private readonly double[] _losses;
    private readonly (int Weight, int Start, int Count)[] _trained;
    private readonly double[] _squares;
    private RowSet _moved;
    private WorkerTeam? _team;
    private bool _packed;
    private bool _frozenPacked;

    public ManagedEngine(EngineConfiguration configuration)
    {
        _configuration = configuration;
        var layout = WeightLayout.Of(configuration.Model, configuration.EmbeddingRows, configuration.Classes);
        _weights = new FlatWeights(layout);
        _weights.Initialize(configuration.Seed, configuration.InitialWeights);
        _model = new PackedModel<T>(configuration, _weights, trains: true);
        _optimizer = Optimizer.Create(layout, configuration.Optimizer);
        int threads = configuration.Compute.Threads > 0 ? configuration.Compute.Threads : Environment.ProcessorCount;
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker<T>(configuration, _model, trains: true))];
        _losses = new double[threads];
        _trained = [.. Enumerable.Range(0, layout.Count).Where(weight => weight != EmbeddingIndex && !configuration.IsFrozen(layout[weight])).SelectMany(weight => Pieces(weight, layout[weight].Count))];
        _squares = new double[_workers[0].Gradients.SquareParts];
        _moved = new RowSet(configuration.EmbeddingRows);
    }

    public string Name => nameof(EngineKind.Managed);

    public double Accumulate(TokenBatch batch, float scale, ulong dropoutSeed)
    {
        Pack();
        var chunks = Chunks.Of(batch, _configuration.Model);
        Team.Run(worker =>
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
        ForEach(_squares.Length, part => _squares[part] = sum.SumOfSquares(part));
        double norm = Math.Sqrt(sum.AddSquaresOfEmbedding(_squares.Sum()));
        if (double.IsFinite(norm))
        {
            _optimizer.BeginStep(learningRate);
            _moved.Add(sum.Tokens);
            float scale = _optimizer.ClipScale(norm);
            ForEach(_trained.Length, piece => Update(sum, piece, scale));
            ForEach((_moved.Rows.Length + UpdateRows - 1) / UpdateRows, group => UpdateEmbedding(sum, group, scale));
            _packed = false;
        }
        else
        {
            foreach (var (weight, start, count) in _trained) Gradient(sum, weight, start, count).Clear();
        }
        sum.ClearEmbedding();
        return norm;
    }

    public void Score(TokenBatch batch, Span<float> logits)
    {
        Pack();
        if (_team is null)
        {
            _workers[0].Score(batch, logits);
            return;
        }
        var chunks = Chunks.Of(batch, _configuration.Model);
        int count = batch.Rows * _configuration.Classes;
        fixed (float* start = logits)
        {
            nint target = (nint)start;
            _team.Run(worker =>
            {
                for (int chunk = worker; chunk < chunks.Count; chunk += _workers.Length)
                    _workers[worker].Score(batch, chunks[chunk].From, chunks[chunk].To, new Span<float>((float*)target, count));
            });
        }
    }

    public IReadOnlyList<WeightTensor> GetWeights(IReadOnlyList<WeightTensor>? earlier = null) => _weights.ToTensors(earlier);

    public void SetWeights(IReadOnlyList<WeightTensor> weights)
    {
        _weights.Set(weights);
        _packed = _frozenPacked = false;
    }

    public IReadOnlyList<WeightTensor> GetOptimizerState() => _optimizer.GetState();

    public void SetOptimizerState(IReadOnlyList<WeightTensor> state)
    {
        _optimizer.SetState(state);
        _moved = _optimizer.RowsInMotion(EmbeddingIndex);
    }

    /// <summary>The gradients accumulated since the last step, before clipping, for comparison with other engines and references.</summary>
    public IReadOnlyList<WeightTensor> GetGradients()
    {
        var sum = SumGradients();
        return [.. _weights.Layout.Select((weight, index) => new WeightTensor(weight.Name, weight.Shape, Gradient(sum, index, 0, weight.Count).ToArray()))];
    }

    public void Dispose()
    {
        _team?.Dispose();
        foreach (var worker in _workers) worker.Dispose();
        _model.Dispose();
        _weights.Dispose();
    }

    /// <summary>The embedding's place among the weights.</summary>
    private const int EmbeddingIndex = 0;

    private WorkerTeam Team => _team ??= new WorkerTeam(_workers.Length);

    private static IEnumerable<(int, int, int)> Pieces(int weight, int count)
    {
        for (int start = 0; start < count; start += UpdateFloats) yield return (weight, start, Math.Min(UpdateFloats, count - start));
    }

    /// <summary>Adds all workers' gradients to the first one's, in the workers' order.</summary>
    private PackedGradients<T> SumGradients()
    {
        var sum = _workers[0].Gradients;
        ForEach(sum.LayerParts, part =>
        {
            foreach (var worker in _workers) worker.Gradients.UnpackInto(sum, part);
        });
        foreach (var worker in _workers) worker.Gradients.UnpackOthers();
        foreach (var worker in _workers.Skip(1)) worker.Gradients.MoveOthersTo(sum);
        return sum;
    }

    /// <summary>Changes a piece of a weight and clears its gradients.</summary>
    private void Update(PackedGradients<T> sum, int piece, float scale)
    {
        var (weight, start, count) = _trained[piece];
        var gradients = Gradient(sum, weight, start, count);
        _optimizer.Update(weight, _weights.Span(_weights.Layout[weight]).Slice(start, count), gradients, scale, start);
        gradients.Clear();
    }

    /// <summary>Changes rows of the embedding: those whose tokens occurred, now or in an earlier step.</summary>
    private void UpdateEmbedding(PackedGradients<T> sum, int group, float scale)
    {
        int width = _configuration.Model.ModelWidth, first = group * UpdateRows;
        var embedding = _weights.Span(_weights.Layout[EmbeddingIndex]);
        foreach (int row in _moved.Rows.Slice(first, Math.Min(UpdateRows, _moved.Rows.Length - first)))
            _optimizer.Update(EmbeddingIndex, embedding.Slice(row * width, width), Gradient(sum, EmbeddingIndex, row * width, width), scale, row * width);
    }

    private Span<float> Gradient(PackedGradients<T> sum, int weight, int start, int count) => new(sum.Dense + _weights.Offset(_weights.Layout[weight].Name) + start, count);

    private void Pack()
    {
        if (_packed) return;
        int first = _frozenPacked ? _configuration.FrozenLayers : 0;
        ForEach((_model.Layers.Count - first) * PackedLayer<T>.Parts, part => _model.Layers[first + part / PackedLayer<T>.Parts].Pack(part % PackedLayer<T>.Parts));
        _model.PackTables();
        _packed = _frozenPacked = true;
    }

    /// <summary>Runs work items that touch nothing of each other: on the workers' threads where that is worth it.</summary>
    private void ForEach(int count, Action<int> work)
    {
        if (_workers.Length == 1 || count < 2 || _weights.Count < SharedWeights)
        {
            for (int item = 0; item < count; item++) work(item);
            return;
        }
        int next = -1;
        Team.Run(_ =>
        {
            for (int item; (item = Interlocked.Increment(ref next)) < count;) work(item);
        });
    }
}
