namespace MlAttention.Core.Managed.Network;

/// <summary>
/// The tied head over the places that are asked for: their vectors go through the products of the engine's other matrices, N places in the
/// lanes, and no other token costs anything. A head serves one thread.
/// </summary>
/// <remarks>
/// logits = E h + b with h = x, or h = LayerNorm(f(W' x + b')) where the head has a hidden layer. The logits of a strip of places lie in memory at
/// a time, and become their gradient there: dh = Eᵀ dlogits, dE += dlogits hᵀ.
/// </remarks>
internal sealed unsafe class VocabularyHead<T> : ITokenHead<T>, IDisposable where T : struct, ILanes<T>
{
    /// <summary>Logits of a strip, 16 MB, unless so many blocks of places have more: with fewer, fetching the embedding would cost more than the products.</summary>
    private const int StripLogits = 1 << 22, LeastBlocks = 4;

    private readonly StoredModel<T> _model;
    private readonly StoredVocabulary<T> _vocabulary;
    private readonly double _smoothing;
    private readonly bool _trainsTokens;
    private readonly int _strip;
    private readonly PlaceSpace<T> _space;
    private readonly float[] _losses = new float[T.Count];

    public VocabularyHead(EngineConfiguration configuration, StoredModel<T> model, bool trains)
    {
        (_model, _vocabulary, _smoothing) = (model, model.Vocabulary!, configuration.LabelSmoothing);
        _trainsTokens = !configuration.IsFrozen(model.Weights.Layout[0]);
        _strip = Math.Max(LeastBlocks, StripLogits / (_vocabulary.Map.Outputs * T.Count));
        _space = new PlaceSpace<T>(model, _strip, trains);
    }

    public void Forward(TokenBatch batch, int from, int to, int[] starts, Workspace<T> space, int blocks, Span<float> logits)
    {
        int classes = _model.Classes, length = batch.Length;
        _space.Choose(batch, from, to, starts);
        int before = batch.Targets.Count == 0 ? -1 : from * length - batch.Targets.Labels.AsSpan(0, from * length).Count(Targets.Ignored);
        if (before < 0) logits.Slice(from * length * classes, (to - from) * length * classes).Clear();
        Gather(space, blocks);
        for (int block = 0; block < _space.Blocks; block += _strip)
        {
            int count = Math.Min(_strip, _space.Blocks - block);
            _vocabulary.Map.Forward(Of(_space.Hidden, block), count, _space.Logits);
            for (int place = block * T.Count; place < Math.Min(_space.Count, (block + count) * T.Count); place++)
            {
                int vector = before < 0 ? _space.Places[place].Place : before + place;
                Copy(place - block * T.Count, logits.Slice(vector * classes, classes));
            }
        }
    }

    public double Backward(TokenBatch batch, int from, int to, int[] starts, Workspace<T> space, int blocks, float scale, WorkerGradients<T> gradients)
    {
        _space.Choose(batch, from, to, starts);
        Gather(space, blocks);
        var gradient = gradients.Vocabulary;
        double loss = 0;
        int block = 0;
        do                                                                // without a place, too, what the gradients hold of an earlier step is written over
        {
            int count = Math.Min(_strip, _space.Blocks - block);
            _vocabulary.Map.Forward(Of(_space.Hidden, block), count, _space.Logits);
            for (int i = 0; i < count; i++) loss += BackwardLoss(batch, block + i, scale, _space.Logits + (nint)i * _vocabulary.Map.Outputs * T.Count);
            _vocabulary.Map.BackwardInput(_space.Logits, count, Of(_space.DHidden, block), false);
            bool accumulate = gradients.HasMatrices || block > 0;
            if (_trainsTokens) BackwardWeights(_vocabulary.Map, _space.Logits, Of(_space.Hidden, block), count, gradient.Map, accumulate);
            else _vocabulary.Map.BackwardBias(_space.Logits, count, gradient.Map, accumulate);
            block += count;
        }
        while (block < _space.Blocks);
        BackwardHidden(gradient, gradients.HasMatrices);
        Scatter(space, blocks);
        return loss;
    }

    public void Dispose() => _space.Dispose();

    /// <summary>The chosen places' vectors, and what the hidden layer makes of them.</summary>
    private void Gather(Workspace<T> space, int blocks)
    {
        int width = _model.Width;
        TokenLayout<T>.ToRows(space.Encoded, blocks, width, space.Rows);
        for (int place = 0; place < _space.Count; place++) Row(space, _space.Places[place].Token).CopyTo(Row(space, place));       // none lies behind its token
        new Span<float>(space.Rows + (nint)_space.Count * width, (_space.Blocks * T.Count - _space.Count) * width).Clear();
        TokenLayout<T>.FromRows(space.Rows, _space.Blocks, width, _space.Input);
        if (_vocabulary.Dense is not { } dense) return;
        dense.Forward(_space.Input, _space.Blocks, _space.Before);
        ActivationKernels<T>.Forward(_model.Options.Activation, _space.Before, Floats, default, 0, _space.Activated);
        LayerNormKernels<T>.Forward(Norm, _space.Activated, _space.Hidden);
    }

    /// <summary>The loss of a block's places; their logits become the gradient.</summary>
    private double BackwardLoss(TokenBatch batch, int block, float scale, float* logits)
    {
        Span<int> labels = stackalloc int[T.Count];
        Span<float> factors = stackalloc float[T.Count];
        int first = block * T.Count, count = Math.Min(T.Count, _space.Count - first);
        labels.Clear();
        factors.Clear();
        for (int i = 0; i < count; i++)
        {
            int place = _space.Places[first + i].Place;
            labels[i] = batch.Targets.Labels[place];
            factors[i] = scale * Weight(batch, place);
        }
        CrossEntropyKernels<T>.Backward(logits, _vocabulary.Map.Outputs, first: 1, _model.Classes, labels, factors, _smoothing, _losses);
        double loss = 0;
        for (int i = 0; i < count; i++) loss += (double)Weight(batch, _space.Places[first + i].Place) * _losses[i];
        return loss;
    }

    private static float Weight(TokenBatch batch, int place) => batch.RowWeights.Length == 0 ? 1 : batch.RowWeights[place / batch.Length];

    /// <summary>From the gradient of h to that of the places' vectors, both in the same memory.</summary>
    private void BackwardHidden(in VocabularyGradients gradient, bool accumulate)
    {
        if (_vocabulary.Dense is not { } dense) return;
        float* d = _space.DHidden;
        LayerNormKernels<T>.Backward(Norm, d, gradient.Norm, d, false);
        ActivationKernels<T>.Backward(_model.Options.Activation, _space.Before, _space.Activated, Floats, default, 0, d);
        BackwardWeights(dense, d, _space.Input, _space.Blocks, gradient.Dense, accumulate);
        dense.BackwardInput(d, _space.Blocks, _space.Activated, false);
        new ReadOnlySpan<float>(_space.Activated, (int)Floats).CopyTo(new Span<float>(d, (int)Floats));
    }

    private void BackwardWeights(StoredLinear<T> linear, float* dOutput, float* input, int blocks, LinearGradient gradient, bool accumulate)
    {
        TokenLayout<T>.ToPanels(input, blocks, linear.Inputs, _space.Panels);
        linear.BackwardWeights(dOutput, _space.Panels, blocks, gradient, accumulate);
    }

    /// <summary>The gradients of the places' vectors where their tokens stand, 0 for all others.</summary>
    private void Scatter(Workspace<T> space, int blocks)
    {
        TokenLayout<T>.ToRows(_space.DHidden, _space.Blocks, _model.Width, space.Rows);
        for (int token = blocks * T.Count - 1, place = _space.Count - 1; token >= 0; token--)
        {
            if (place >= 0 && _space.Places[place].Token == token) Row(space, place--).CopyTo(Row(space, token));
            else Row(space, token).Clear();
        }
        TokenLayout<T>.FromRows(space.Rows, blocks, _model.Width, space.DStream);
    }

    /// <summary>The logits of a place of the strip, token by token.</summary>
    private void Copy(int place, Span<float> logits)
    {
        float* source = _space.Logits + ((nint)(place / T.Count) * _vocabulary.Map.Outputs + 1) * T.Count + place % T.Count;
        for (int token = 0; token < logits.Length; token++) logits[token] = source[(nint)token * T.Count];
    }

    private LayerNorm Norm => _model.Kept(_vocabulary.Norm, _space.Blocks, _space.Normalized, _space.InverseDeviation);

    private long Floats => (long)_space.Blocks * _model.Width * T.Count;

    private float* Of(float* blocks, int block) => blocks + (nint)block * _model.Width * T.Count;

    private Span<float> Row(Workspace<T> space, int row) => new(space.Rows + (nint)row * _model.Width, _model.Width);
}
