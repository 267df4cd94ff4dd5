namespace MlAttention.Core.Managed.Network;

/// <summary>
/// Runs chunks of sequences through a stored model: forward, and when training backward into gradients of its own. One worker
/// serves one thread at a time; workers of one model share nothing that is written.
/// </summary>
internal sealed unsafe class Worker<T> : IDisposable where T : struct, ILanes<T>
{
    /// <summary>Beyond this length in tokens, making attention weights again costs less than fetching them.</summary>
    private const int LongestKept = 512;
    private readonly StoredModel<T> _model;
    private readonly SequenceModelOptions _options;
    private readonly TokenEmbedder<T> _embedder;
    private readonly HeadAttention<T> _attention;
    private readonly SequencePooler<T> _pooler;
    private readonly ClassifierHead? _head;
    private readonly ITokenHead<T>? _tokenHead;
    private readonly Objective _objective;
    private readonly double _smoothing;
    private readonly Workspace<T> _space;
    private readonly WorkerGradients<T>? _gradients;
    private readonly float[] _logits;
    private readonly bool _preNorm;
    private readonly WorkerTask _task;
    private readonly int _frozenLayers;
    private int[] _starts = [];
    private long[] _weightStarts = [];
    private int _tokens, _blocks;
    private Dropout _dropout;

    /// <param name="configuration">The architecture.</param>
    /// <param name="model">The packed weights.</param>
    /// <param name="task">What the worker is for.</param>
    public Worker(EngineConfiguration configuration, StoredModel<T> model, WorkerTask task)
    {
        (_model, _task, _frozenLayers) = (model, task, configuration.FrozenLayers);
        bool goesBack = task != WorkerTask.Score;
        _options = model.Options;
        _preNorm = _options.Norm == NormPlacement.Pre;
        _embedder = new TokenEmbedder<T>(configuration, model);
        _attention = new HeadAttention<T>(_options, model.Tables, model.Rotary, model.MaxLength, goesBack);
        _pooler = new SequencePooler<T>(_options, model.Weights, model.MaxLength);
        (_objective, _smoothing) = (configuration.Objective, configuration.LabelSmoothing);
        if (model.Classes > 0 && model.Vocabulary is null) _head = new ClassifierHead(configuration, model.Weights);
        if (model.Vocabulary is not null) _tokenHead = new VocabularyHead<T>(configuration, model, goesBack);
        else if (_head is not null && _options.Task.IsPerToken) _tokenHead = new TokenHead<T>(_head, _objective, model, _smoothing);
        _space = new Workspace<T>(model, goesBack);
        _gradients = goesBack ? new WorkerGradients<T>(configuration, model) : null;
        _logits = new float[model.Classes];
    }

    /// <summary>What the worker's training calls have added up; what explaining adds, to all but the matrices, nobody reads.</summary>
    public WorkerGradients<T> Gradients => _gradients ?? throw new InvalidOperationException("This worker only scores.");

    private ClassifierHead Head => _head ?? throw new InvalidOperationException("This model has no head for a sequence's vector: it was made for 0 classes, or predicts tokens.");

    /// <summary>Logits [B,C] of a batch, or [B,L,C], without dropout.</summary>
    public void Score(TokenBatch batch, Span<float> logits) => Run(batch, logits, _model.Classes, scores: true);

    /// <summary>Writes the logits of the rows [from, to), a chunk of a batch, among those of all.</summary>
    public void Score(TokenBatch batch, int from, int to, Span<float> logits) => Run(batch, from, to, logits, _model.Classes, scores: true);

    /// <summary>Pooled vectors [B,D] of a batch, without dropout.</summary>
    public void Encode(TokenBatch batch, Span<float> vectors) => Run(batch, vectors, _options.ModelWidth, scores: false);

    /// <summary>The encoder's vectors [B,L,D] of a batch, without dropout; 0 for padding.</summary>
    public void EncodeTokens(TokenBatch batch, Span<float> vectors)
    {
        int width = _options.ModelWidth, padded = _model.Width;
        vectors[..(batch.Rows * batch.Length * width)].Clear();
        for (int from = 0, to; from < batch.Rows; from = to)
        {
            to = Chunks.End(batch, from);
            RunLayers(batch, from, to, default);
            TokenLayout<T>.ToRows(_space.Encoded, _blocks, padded, _space.Rows);
            for (int row = from; row < to; row++)
                for (int position = 0; position < batch.Lengths[row]; position++)
                    new ReadOnlySpan<float>(_space.Rows + (nint)(_starts[row - from] + position) * padded, width).CopyTo(vectors[((row * batch.Length + position) * width)..]);
        }
    }

    /// <summary>Adds the gradients of the rows [from, to).</summary>
    /// <returns>The weighted sum of their losses.</returns>
    public double Train(TokenBatch batch, int from, int to, float scale, in Dropout dropout)
    {
        RunLayers(batch, from, to, dropout);
        double loss = _tokenHead?.Backward(batch, from, to, _starts, _space, _blocks, scale, Gradients) ?? BackwardHead(batch, from, to, scale);
        BackwardLayers(batch, from, to);
        if (_frozenLayers == 0) _embedder.Backward(batch, from, to, _space, _blocks, dropout, Gradients);
        Gradients.HasMatrices = true;
        return loss;
    }

    /// <summary>Writes the gradient of the encoder's vectors, through pooling and head, to the gradient of the stream: that of the loss, or of what a path looks at.</summary>
    private double BackwardHead(TokenBatch batch, int from, int to, float scale, TokenPath? path = null)
    {
        new Span<float>(_space.DStream, _blocks * _model.Width * T.Count).Clear();
        double loss = 0;
        float* weights = _model.Weights.Values, gradients = Gradients.Values;
        for (int row = from; row < to; row++)
        {
            int sequence = row - from, start = _starts[sequence], length = batch.Lengths[row];
            float weight = batch.RowWeights.Length == 0 ? 1 : batch.RowWeights[row];
            _pooler.Forward(_space.Encoded, start, length, weights, _space.Pooled);
            Head.Forward(_space.Pooled, weights, _logits);
            if (path is null) loss += weight * _objective.Backward(_logits, batch.Targets, row, scale * weight, _smoothing);
            else path.Slope(row, _logits);
            Head.Backward(_space.Pooled, weights, _logits, _space.DPooled, gradients);
            _pooler.Backward(_space.Encoded, start, length, weights, _space.DPooled, _space.DStream, gradients);
        }
        return loss;
    }

    /// <inheritdoc cref="ISequenceScorer.PathGradients"/>
    public void PathGradients(TokenBatch batch, TokenPath path, Span<float> results)
    {
        results[..(batch.Rows * batch.Length)].Clear();
        for (int from = 0, to; from < batch.Rows; from = to)
        {
            to = Chunks.End(batch, from);
            RunLayers(batch, from, to, default, path);
            BackwardHead(batch, from, to, scale: 1, path);
            BackwardLayers(batch, from, to);
            _embedder.Backward(batch, from, to, _space, _blocks, path, Gradients, results);
        }
    }

    public void Dispose()
    {
        _attention.Dispose();
        _pooler.Dispose();
        _space.Dispose();
        (_tokenHead as IDisposable)?.Dispose();
        _gradients?.Dispose();
    }

    /// <summary>Writes the pooled vector of each row, or the head's scores of it.</summary>
    private void Run(TokenBatch batch, Span<float> results, int width, bool scores)
    {
        for (int from = 0, to; from < batch.Rows; from = to)
        {
            to = Chunks.End(batch, from);
            Run(batch, from, to, results, width, scores);
        }
    }

    private void Run(TokenBatch batch, int from, int to, Span<float> results, int width, bool scores)
    {
        RunLayers(batch, from, to, default);
        if (scores && _tokenHead is not null)
        {
            _tokenHead.Forward(batch, from, to, _starts, _space, _blocks, results);
            return;
        }
        for (int row = from; row < to; row++)
        {
            var result = results.Slice(row * width, width);
            _pooler.Forward(_space.Encoded, _starts[row - from], batch.Lengths[row], _model.Weights.Values, _space.Pooled);
            if (scores) Head.Forward(_space.Pooled, _model.Weights.Values, result);
            else new ReadOnlySpan<float>(_space.Pooled, width).CopyTo(result);
        }
    }

    private long Stream => (long)_blocks * _model.Width * T.Count;

    private void RunLayers(TokenBatch batch, int from, int to, in Dropout dropout, TokenPath? path = null)
    {
        _dropout = dropout;
        Place(batch, from, to);
        _embedder.Forward(batch, from, to, _space, _blocks, dropout, path);
        for (int layer = 0; layer < _options.Layers; layer++) Forward(layer, batch, from, to);
        if (_preNorm) Norm(_model.FinalNorm, _space.Stream, _space.FinalNormalized, _space.FinalInverseDeviation, _space.Encoded);
    }

    /// <summary>Gives each sequence of the chunk its place among the packed tokens and the kept weights, and makes room.</summary>
    private void Place(TokenBatch batch, int from, int to)
    {
        if (_starts.Length < to - from) (_starts, _weightStarts) = (new int[to - from], new long[to - from]);
        long weights = 0;
        _tokens = 0;
        for (int row = from; row < to; row++)
        {
            int length = batch.Lengths[row];
            (_starts[row - from], _weightStarts[row - from]) = (_tokens, weights);
            _tokens += length;
            if (KeepsWeights(length)) weights += _options.Heads * HeadAttention<T>.WeightsCount(length);
        }
        _blocks = TokenLayout<T>.Blocks(_tokens);
        _space.Reserve(_blocks, to - from, weights);
    }

    /// <summary>Whether a sequence keeps its attention weights for the backward pass: while they stay in a core's cache.</summary>
    private bool KeepsWeights(int length) => _task != WorkerTask.Score && length <= LongestKept;

    private void Forward(int index, TokenBatch batch, int from, int to)
    {
        var layer = _model.Layers[index];
        ref var a = ref _space.Layers[index];
        float* sum = _space.Sum, branch = _space.Branch;
        if (_preNorm) Norm(layer.Norm1, a.Input, a.Normalized1, a.InverseDeviation1, a.AttentionInput);
        layer.Projection.Forward(a.AttentionInput, _blocks, a.Qkv);
        layer.ScaleQueries(a.Qkv, _blocks);
        for (int sequence = 0; sequence < to - from; sequence++)
        {
            RandomLanes<T> random = _dropout.Stream<T>(DropoutSite.Weights(index), sequence);
            for (int head = 0; head < _options.Heads && batch.Lengths[from + sequence] > 0; head++)
                _attention.Forward(Input(index, head, sequence, batch.Lengths[from + sequence]), ref random, a.Heads);
        }
        layer.Output.Forward(a.Heads, _blocks, branch);
        DropoutKernels<T>.AddResidual(a.Input, branch, Stream, _dropout, DropoutSite.AttentionOutput, index, _preNorm ? a.Middle : sum);
        if (_preNorm) Norm(layer.Norm2, a.Middle, a.Normalized2, a.InverseDeviation2, a.FeedForwardInput);
        else Norm(layer.Norm1, sum, a.Normalized1, a.InverseDeviation1, a.Middle);

        layer.Expand.Forward(a.FeedForwardInput, _blocks, a.Hidden);
        long hidden = (long)_blocks * _model.HiddenWidth * T.Count;
        ActivationKernels<T>.Forward(_options.Activation, a.Hidden, hidden, _dropout, index, a.Activated);
        layer.Contract.Forward(a.Activated, _blocks, branch);
        DropoutKernels<T>.AddResidual(a.Middle, branch, Stream, _dropout, DropoutSite.FeedForwardOutput, index, _preNorm ? a.Output : sum);
        if (!_preNorm) Norm(layer.Norm2, sum, a.Normalized2, a.InverseDeviation2, a.Output);
    }

    /// <summary>From the gradient of what is pooled to that of the first trained layer's input, both in the workspace's stream.</summary>
    private void BackwardLayers(TokenBatch batch, int from, int to)
    {
        if (_preNorm) NormBackward(_model.FinalNorm, Gradients.FinalNorm, _space.DStream, _space.FinalNormalized, _space.FinalInverseDeviation, _space.DStream, false);
        for (int layer = _options.Layers - 1; layer >= _frozenLayers; layer--)
        {
            if (_options.GradientCheckpointing && layer < _options.Layers - 1) Forward(layer, batch, from, to);   // the last one's activations are still there
            Backward(layer, batch, from, to);
        }
    }

    private void Backward(int index, TokenBatch batch, int from, int to)
    {
        var layer = _model.Layers[index];
        ref var a = ref _space.Layers[index];
        var gradient = Gradients.Of(index);
        float* dStream = _space.DStream, dBranch = _space.DBranch;
        if (!_preNorm) NormBackward(layer.Norm2, gradient.Norm2, dStream, a.Normalized2, a.InverseDeviation2, dStream, false);

        DropoutKernels<T>.Apply(dStream, Stream, _dropout, DropoutSite.FeedForwardOutput, index, dBranch);
        layer.Contract.BackwardInput(dBranch, _blocks, _space.DHidden, false);
        BackwardWeights(layer.Contract, dBranch, a.Activated, gradient.Contract);
        long hidden = (long)_blocks * _model.HiddenWidth * T.Count;
        ActivationKernels<T>.Backward(_options.Activation, a.Hidden, a.Activated, hidden, _dropout, index, _space.DHidden);
        BackwardWeights(layer.Expand, _space.DHidden, a.FeedForwardInput, gradient.Expand);
        layer.Expand.BackwardInput(_space.DHidden, _blocks, _preNorm ? dBranch : dStream, !_preNorm);
        if (_preNorm) NormBackward(layer.Norm2, gradient.Norm2, dBranch, a.Normalized2, a.InverseDeviation2, dStream, true);
        else NormBackward(layer.Norm1, gradient.Norm1, dStream, a.Normalized1, a.InverseDeviation1, dStream, false);

        DropoutKernels<T>.Apply(dStream, Stream, _dropout, DropoutSite.AttentionOutput, index, dBranch);
        layer.Output.BackwardInput(dBranch, _blocks, _space.DHeads, false);
        BackwardWeights(layer.Output, dBranch, a.Heads, gradient.Output);
        new Span<float>(_space.DQkv + ((nint)_blocks - 1) * 3 * _model.JoinedWidth * T.Count, _blocks == 0 ? 0 : 3 * _model.JoinedWidth * T.Count).Clear();
        for (int sequence = 0; sequence < to - from; sequence++)
        {
            RandomLanes<T> random = _dropout.Stream<T>(DropoutSite.Weights(index), sequence);
            for (int head = 0; head < _options.Heads && batch.Lengths[from + sequence] > 0; head++)
                _attention.Backward(Input(index, head, sequence, batch.Lengths[from + sequence]), ref random, a.Heads, _space.DHeads, _space.DQkv, gradient.Heads);
        }
        layer.ScaleQueries(_space.DQkv, _blocks);
        BackwardWeights(layer.Projection, _space.DQkv, a.AttentionInput, gradient.Projection);
        if (index == _frozenLayers && index > 0 && !_preNorm) return;    // nothing below asks for the gradient of the layer's input
        layer.Projection.BackwardInput(_space.DQkv, _blocks, _preNorm ? dBranch : dStream, !_preNorm);
        if (_preNorm) NormBackward(layer.Norm1, gradient.Norm1, dBranch, a.Normalized1, a.InverseDeviation1, dStream, true);
    }

    private void BackwardWeights(StoredLinear<T> linear, float* dOutput, float* input, LinearGradient gradient)
    {
        if (_task == WorkerTask.Explain) return;
        TokenLayout<T>.ToPanels(input, _blocks, linear.Inputs, _space.Rows);
        linear.BackwardWeights(dOutput, _space.Rows, _blocks, gradient, Gradients.HasMatrices);
    }

    private void Norm(NormWeights norm, float* x, float* normalized, float* inverseDeviation, float* y) =>
        LayerNormKernels<T>.Forward(_model.Kept(norm, _blocks, normalized, inverseDeviation), x, y);

    private void NormBackward(NormWeights norm, float* gradient, float* dy, float* normalized, float* inverseDeviation, float* dx, bool accumulate) =>
        LayerNormKernels<T>.Backward(_model.Kept(norm, _blocks, normalized, inverseDeviation), dy, gradient, dx, accumulate);

    private HeadInput<T> Input(int index, int head, int sequence, int length)
    {
        var layer = _model.Layers[index];
        ref var a = ref _space.Layers[index];
        int start = _starts[sequence], lanesBefore = start + sequence * T.Count;   // each sequence is padded by less than N
        return new HeadInput<T>
        {
            Qkv = a.Qkv,
            Head = head,
            Start = start,
            Length = length,
            OwnsBlocks = start % T.Count == 0 && (length % T.Count == 0 || start + length == _tokens),
            Dropout = _dropout,
            Statistics = a.Statistics + ((nint)head * (_blocks + _space.Sequences) * T.Count + lanesBefore) * 2,
            Weights = KeepsWeights(length) ? a.Weights + _weightStarts[sequence] + head * HeadAttention<T>.WeightsCount(length) : null,
            ShawKeys = layer.ShawKeys,
            ShawValues = layer.ShawValues,
        };
    }
}
