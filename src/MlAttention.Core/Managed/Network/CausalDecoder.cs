using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Network;

/// <summary>
/// A causal model one token at a time: each layer keeps keys and values of the tokens it has read, so a token costs one query instead of
/// the whole sequence. It allocates nothing once it is made.
/// </summary>
/// <remarks>
/// Token i of a layer: o = sum over j up to i of softmax(q(i) · k(j) + table(i - j)) v(j), from the cache of k(j) and v(j). Keys are kept as
/// they are compared, turned by the rotary scheme. Under a causal mask nothing that is kept depends on what comes later, so the vectors are
/// those of the whole sequence.
/// </remarks>
internal sealed unsafe class CausalDecoder<T> : ITokenDecoder where T : struct, ILanes<T>
{
    private readonly StoredModel<T> _model;
    private readonly SequenceModelOptions _options;
    private readonly ClassifierHead? _head;
    private readonly NativeArrays _memory = new();
    private readonly float _embeddingScale;
    private readonly int _headWidth, _paddedHead, _paddedLength;
    private readonly bool _preNorm;

    /// <summary>What a layer keeps, [layer][head]: keys [block][feature][N], values [token][feature].</summary>
    private float* _keys, _values;

    /// <summary>The stream and what norms and sublayers make of it, [D].</summary>
    private float* _stream, _normalized, _branch;

    /// <summary>Queries, keys and values of all heads, the heads' outputs, the feed-forward network's hidden layer.</summary>
    private float* _qkv, _heads, _hidden;

    /// <summary>A head's scores by token, and by clipped distance.</summary>
    private float* _scores, _byDistance;

    /// <summary>The logits of all ids, with a tied head.</summary>
    private float* _tokens;

    /// <param name="configuration">The architecture.</param>
    /// <param name="model">The weights; workers and other decoders may share them.</param>
    public CausalDecoder(EngineConfiguration configuration, StoredModel<T> model)
    {
        (_model, _options) = (model, model.Options);
        if (model.Vocabulary is null) _head = new ClassifierHead(configuration, model.Weights);
        _preNorm = _options.Norm == NormPlacement.Pre;
        _embeddingScale = _options.ScaleEmbeddings ? MathF.Sqrt(_options.ModelWidth) : 1;
        _headWidth = _options.ModelWidth / _options.Heads;
        _paddedHead = TokenLayout<T>.Pad(_headWidth);
        _paddedLength = (model.MaxLength + 2 * T.Count - 1) / (2 * T.Count) * 2 * T.Count;       // softmax takes two vectors at a time
        _memory.Lay(Lay);
    }

    private void Lay()
    {
        long cache = (long)_options.Layers * _options.Heads * _paddedLength * _paddedHead;
        _keys = _memory.Take(cache);
        _values = _memory.Take(cache);
        _stream = _memory.Take(_model.Width);
        _normalized = _memory.Take(_model.Width);
        _branch = _memory.Take(_model.Width);
        _qkv = _memory.Take(3L * _model.JoinedWidth);
        _heads = _memory.Take(_model.JoinedWidth);
        _hidden = _memory.Take(_model.HiddenWidth);
        _scores = _memory.Take(_paddedLength);
        _byDistance = _memory.Take(TokenLayout<T>.Pad(2 * _options.PositionDetails.ClipDistance + 1));
        _tokens = _memory.Take(_model.Vocabulary?.Map.Outputs ?? 0);
    }

    public int Length { get; private set; }

    public int MaxLength => _model.MaxLength;

    public void Restart() => Length = 0;

    public void Read(int token)
    {
        if (Length == MaxLength) throw new InvalidOperationException($"The sequence has {Length} tokens, the most that the model reads.");
        Embed(token);
        for (int layer = 0; layer < _options.Layers; layer++) Forward(layer);
        Length++;
    }

    public void Logits(Span<float> logits)
    {
        if (Length == 0) throw new InvalidOperationException("No token was read yet.");
        float* encoded = _stream;
        if (_preNorm) Norm(_model.FinalNorm, _stream, encoded = _normalized);
        if (_model.Vocabulary is { } vocabulary) LogitsOfTokens(vocabulary, encoded, logits);
        else _head!.Forward(encoded, _model.Weights.Values, logits);
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>logits = E h + b for the ids 1 to V, with the hidden layer of h where the head has one.</summary>
    private void LogitsOfTokens(StoredVocabulary<T> vocabulary, float* encoded, Span<float> logits)
    {
        if (vocabulary.Dense is { } dense)
        {
            dense.ForwardOne(encoded, _branch);
            ActivationKernels<T>.Forward(_options.Activation, _branch, _model.Width, default, 0, _branch);
            Norm(vocabulary.Norm, _branch, encoded = _normalized);
        }
        vocabulary.Map.ForwardOne(encoded, _tokens);
        new ReadOnlySpan<float>(_tokens + 1, logits.Length).CopyTo(logits);
    }

    /// <summary>stream = norm(token scale + position + type 0), each part where the options have it.</summary>
    private void Embed(int token)
    {
        int width = _options.ModelWidth;
        float* weights = _model.Weights.Values;
        float* positions = _model.PositionOffset >= 0 ? weights + _model.PositionOffset : _model.Positions is { } table ? table.Start : null;
        var target = new Span<float>(_stream, width);
        if (_model.Vocabulary is { } vocabulary) vocabulary.Read(token, target);
        else Vector(weights + _model.EmbeddingOffset, token).CopyTo(target);
        TensorPrimitives.Multiply(target, _embeddingScale, target);
        if (positions != null) TensorPrimitives.Add(target, Vector(positions, Length), target);
        if (_model.TokenTypeOffset >= 0) TensorPrimitives.Add(target, Vector(weights + _model.TokenTypeOffset, 0), target);
        new Span<float>(_stream + width, _model.Width - width).Clear();
        if (_model.EmbeddingNorm is { } norm) Norm(norm, _stream, _stream);

        ReadOnlySpan<float> Vector(float* rows, int row) => new(rows + (nint)row * width, width);
    }

    private void Forward(int index)
    {
        var layer = _model.Layers[index];
        Attend(layer, index, PreNormed(layer.Norm1));
        layer.Output.ForwardOne(_heads, _branch);
        AddBranch(layer.Norm1);

        layer.Expand.ForwardOne(PreNormed(layer.Norm2), _hidden);
        ActivationKernels<T>.Forward(_options.Activation, _hidden, _model.HiddenWidth, default, index, _hidden);
        layer.Contract.ForwardOne(_hidden, _branch);
        AddBranch(layer.Norm2);
    }

    /// <summary>What a sublayer reads: the stream, normed before it with pre norm.</summary>
    private float* PreNormed(NormWeights norm)
    {
        if (!_preNorm) return _stream;
        Norm(norm, _stream, _normalized);
        return _normalized;
    }

    /// <summary>Adds a sublayer's output to the stream, which is normed after it with post norm.</summary>
    private void AddBranch(NormWeights norm)
    {
        var stream = new Span<float>(_stream, _model.Width);
        TensorPrimitives.Add(stream, new ReadOnlySpan<float>(_branch, _model.Width), stream);
        if (!_preNorm) Norm(norm, _stream, _stream);
    }

    private void Norm(NormWeights norm, float* x, float* y) => VectorKernels<T>.Norm(_model.Kept(norm, 1, null, null), x, y);

    /// <summary>Keeps the token's keys and values, and attends from its queries to all that are kept.</summary>
    private void Attend(StoredLayer<T> layer, int index, float* input)
    {
        int joined = _model.JoinedWidth, n = T.Count;
        layer.Projection.ForwardOne(input, _qkv);
        layer.ScaleQuery(new Span<float>(_qkv, joined));
        for (int head = 0; head < _options.Heads; head++)
        {
            float* query = _qkv + head * _paddedHead, key = query + joined, value = key + joined;
            nint cache = ((nint)index * _options.Heads + head) * _paddedLength * _paddedHead;
            float* keys = _keys + cache, values = _values + cache;
            _model.Rotary?.RotateOne(query, Length);
            _model.Rotary?.RotateOne(key, Length);
            float* kept = keys + (nint)(Length / n) * _paddedHead * n + Length % n;
            for (int feature = 0; feature < _headWidth; feature++) kept[feature * n] = key[feature];
            new ReadOnlySpan<float>(value, _paddedHead).CopyTo(new Span<float>(values + (nint)Length * _paddedHead, _paddedHead));
            Attend(layer, head, query, keys, values, _heads + head * _paddedHead);
        }
    }

    /// <summary>output = sum over tokens of weight value / sum of weights.</summary>
    private void Attend(StoredLayer<T> layer, int head, float* query, float* keys, float* values, float* output)
    {
        int n = T.Count;
        var (from, to) = _model.Tables.Keys(Length, 1, Length + 1);
        int tokens = to - from, rows = TokenLayout<T>.Blocks(tokens);
        VectorKernels<T>.Scores(keys + (nint)from * _paddedHead, (nint)_paddedHead * n, n, _headWidth, query, rows, _scores);
        if (layer.ShawKeys is { } shawKeys)
        {
            shawKeys.ProjectOne(query, _byDistance);
            for (int j = 0; j < tokens; j++) _scores[j] += _byDistance[Distance(from + j)];
        }
        float* table = _model.Tables.At(head, Length, from);      // by distance, which falls as the key comes closer
        for (int j = 0; j < tokens; j++) _scores[j] += table[-j];
        rows += rows % 2;
        new Span<float>(_scores + tokens, rows * n - tokens).Fill(float.NegativeInfinity);
        T largest = T.Create(TensorPrimitives.Max<float>(new ReadOnlySpan<float>(_scores, tokens)));
        float sum = T.Sum(SoftmaxKernels<T>.Exponentials(_scores, rows, largest));

        var target = new Span<float>(output, _paddedHead);
        target.Clear();
        VectorKernels<T>.AddRows(values + (nint)from * _paddedHead, _paddedHead, tokens, _scores, _paddedHead, output);
        if (layer.ShawValues is { } shawValues)
        {
            new Span<float>(_byDistance, 2 * _options.PositionDetails.ClipDistance + 1).Clear();
            for (int j = 0; j < tokens; j++) _byDistance[Distance(from + j)] += _scores[j];
            shawValues.AddToOne(_byDistance, output);
        }
        TensorPrimitives.Multiply(target, 1 / sum, target);
    }

    private int Distance(int key) => DistanceKernels<T>.Row(_options.PositionDetails.ClipDistance, Length, key);
}
