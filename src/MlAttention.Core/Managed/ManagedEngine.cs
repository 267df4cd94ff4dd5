using System.Numerics.Tensors;
using MlAttention.Core.Managed.Network;
using MlAttention.Core.Optimizers;

namespace MlAttention.Core.Managed;

/// <summary>
/// Trains in plain C#: chunks of whole sequences go to workers, one a thread, each with gradients of its own, which are then added
/// in the workers' order. The same thread count gives the same bits.
/// </summary>
/// <remarks>
/// A step costs what is trained: frozen layers have no backward pass, gradients or moments, and of the embedding only the rows of
/// tokens that have occurred are read and written; a row that never occurred could not change (see <see cref="Optimizer"/>). A tied head
/// gives all rows gradients: the embedding is a matrix like others then, by the dense rule.
/// </remarks>
internal sealed unsafe class ManagedEngine<T> : ISequenceEngine where T : struct, ILanes<T>
{
    /// <summary>Fewer weights than these are not worth waking other threads for.</summary>
    private const int SharedWeights = 1 << 20;

    /// <summary>Floats, and rows of the embedding, that a thread updates at a time.</summary>
    private const int UpdateFloats = 1 << 15, UpdateRows = 64;

    private readonly EngineConfiguration _configuration;
    private readonly StoredModel<T> _model;
    private readonly Optimizer _optimizer;
    private readonly Worker<T>[] _workers;
    private readonly double[] _losses;
    private readonly (int Weight, int Start, int Count)[] _trained;
    private readonly double[] _squares;
    private RowSet _moved;
    private WorkerTeam? _team;
    private bool _filled;

    public ManagedEngine(EngineConfiguration configuration)
    {
        _configuration = configuration;
        _model = new StoredModel<T>(configuration);
        Weights.Initialize(configuration.Seed, configuration.InitialWeights);
        _optimizer = Optimizer.Create(Weights.Stored, configuration.Optimizer);
        int threads = configuration.Compute.Threads > 0 ? configuration.Compute.Threads : Environment.ProcessorCount;
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker<T>(configuration, _model, WorkerTask.Train))];
        _losses = new double[threads];
        _trained = [.. Enumerable.Range(0, Weights.Stored.Count).Where(weight => (weight != EmbeddingIndex || configuration.HasTiedHead) && !configuration.IsFrozen(Weights.Layout[weight])).SelectMany(weight => Pieces(weight, Weights.Stored[weight].Count))];
        _squares = new double[_trained.Length];
        _moved = new RowSet(configuration.EmbeddingRows);
    }

    public string Name => nameof(EngineKind.Managed);

    public double Accumulate(TokenBatch batch, float scale, ulong dropoutSeed)
    {
        FillTables();
        var chunks = Chunks.Of(batch, _configuration, _workers.Length);
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
        double norm = Math.Sqrt(_squares.Sum() + sum.SquaresOfEmbedding());
        if (double.IsFinite(norm))
        {
            _optimizer.BeginStep(learningRate);
            _moved.Add(sum.Tokens);
            float scale = _optimizer.ClipScale(norm);
            ForEach(_trained.Length, piece => Update(sum, piece, scale));
            ForEach((_moved.Rows.Length + UpdateRows - 1) / UpdateRows, group => UpdateEmbedding(sum, group, scale));
            _filled = false;
        }
        foreach (var (weight, start, count) in _trained)
            if (!Weights.IsMatrix(weight)) sum.Span(weight, start, count).Clear();
        sum.HasMatrices = false;
        sum.ClearEmbedding();
        return norm;
    }

    public void Score(TokenBatch batch, Span<float> logits)
    {
        FillTables();
        if (_team is null)
        {
            _workers[0].Score(batch, logits);
            return;
        }
        var chunks = Chunks.Of(batch, _configuration, _workers.Length);
        int count = _configuration.LogitCount(batch);
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

    public IReadOnlyList<WeightTensor> GetWeights(IReadOnlyList<WeightTensor>? earlier = null) => Weights.ToTensors(earlier);

    public void SetWeights(IReadOnlyList<WeightTensor> weights)
    {
        Weights.Set(weights);
        _filled = false;
    }

    public IReadOnlyList<WeightTensor> GetOptimizerState() => Weights.Restore(_optimizer.GetState());

    public void SetOptimizerState(IReadOnlyList<WeightTensor> state)
    {
        _optimizer.SetState(Weights.Store(state));
        if (!_configuration.HasTiedHead) _moved = _optimizer.RowsInMotion(EmbeddingIndex);
    }

    /// <summary>The gradients accumulated since the last step, before clipping, for comparison with other engines and references.</summary>
    public IReadOnlyList<WeightTensor> GetGradients() => Weights.ToTensors(SumGradients().Values);

    public void Dispose()
    {
        _team?.Dispose();
        foreach (var worker in _workers) worker.Dispose();
        _model.Dispose();
    }

    private FlatWeights Weights => _model.Weights;

    /// <summary>The embedding's place among the weights.</summary>
    private const int EmbeddingIndex = 0;

    private WorkerTeam Team => _team ??= new WorkerTeam(_workers.Length);

    private static IEnumerable<(int, int, int)> Pieces(int weight, int count)
    {
        for (int start = 0; start < count; start += UpdateFloats) yield return (weight, start, Math.Min(UpdateFloats, count - start));
    }

    /// <summary>Adds all workers' gradients to the first one's, in the workers' order, and squares all but the embedding's.</summary>
    private WorkerGradients<T> SumGradients()
    {
        var sum = _workers[0].Gradients;
        foreach (var worker in _workers) worker.Gradients.AddLanes();
        foreach (var worker in _workers.Skip(1)) worker.Gradients.MoveTo(sum);
        ForEach(_trained.Length, piece =>
        {
            var (weight, start, count) = _trained[piece];
            var gradients = sum.Span(weight, start, count);
            if (Weights.IsMatrix(weight))
            {
                if (!sum.HasMatrices) gradients.Clear();
                foreach (var worker in _workers.AsSpan(1))
                    if (worker.Gradients.HasMatrices) TensorPrimitives.Add(gradients, worker.Gradients.Span(weight, start, count), gradients);
            }
            _squares[piece] = TensorPrimitives.SumOfSquares<float>(gradients);
        });
        foreach (var worker in _workers) worker.Gradients.HasMatrices = false;
        sum.HasMatrices = true;
        return sum;
    }

    /// <summary>Changes a piece of a weight.</summary>
    private void Update(WorkerGradients<T> sum, int piece, float scale)
    {
        var (weight, start, count) = _trained[piece];
        _optimizer.Update(weight, Weights.Span(weight, start, count), sum.Span(weight, start, count), scale, start);
    }

    /// <summary>Changes rows of the embedding: those whose tokens occurred, now or in an earlier step.</summary>
    private void UpdateEmbedding(WorkerGradients<T> sum, int group, float scale)
    {
        int width = _configuration.Model.ModelWidth, first = group * UpdateRows;
        foreach (int row in _moved.Rows.Slice(first, Math.Min(UpdateRows, _moved.Rows.Length - first)))
            _optimizer.Update(EmbeddingIndex, Weights.Span(EmbeddingIndex, row * width, width), sum.Span(EmbeddingIndex, row * width, width), scale, row * width);
    }

    private void FillTables()
    {
        if (_filled) return;
        _model.FillTables();
        _filled = true;
    }

    /// <summary>Runs work items that touch nothing of each other: on the workers' threads where that is worth it.</summary>
    private void ForEach(int count, Action<int> work)
    {
        if (_workers.Length == 1 || count < 2 || Weights.Count < SharedWeights)
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
