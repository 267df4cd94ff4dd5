using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Network;

/// <summary>What the first layer reads, and back: x = dropout(norm(token scale + position + type)), each part where the options have it.</summary>
/// <remarks>
/// The type of a token is the number of separators before it, at most the last type. Tokens are looked up row by row; norm and dropout
/// work on packed blocks.
/// </remarks>
internal sealed unsafe class TokenEmbedder<T> where T : struct, ILanes<T>
{
    private readonly StoredModel<T> _model;
    private readonly float _scale;
    private readonly bool _trainsTokens;
    private readonly int _separator;
    private readonly float[] _between, _vector;

    public TokenEmbedder(EngineConfiguration configuration, StoredModel<T> model)
    {
        (_model, _trainsTokens) = (model, !configuration.FreezeEmbeddings);
        _separator = model.Options.TypeSeparator ?? -1;
        (_between, _vector) = (new float[model.Options.ModelWidth], new float[model.Options.ModelWidth]);
        _scale = model.Options.ScaleEmbeddings ? MathF.Sqrt(model.Options.ModelWidth) : 1;
    }

    /// <summary>Writes the first layer's input for the rows [from, to): of their tokens, or of what lies on the way to them.</summary>
    public void Forward(TokenBatch batch, int from, int to, Workspace<T> space, int blocks, in Dropout dropout, TokenPath? path)
    {
        int width = _model.Options.ModelWidth, padded = _model.Width, at = 0;
        float* weights = _model.Weights.Values;
        float* positions = _model.PositionOffset >= 0 ? weights + _model.PositionOffset : _model.Positions is { } table ? table.Start : null;
        for (int row = from; row < to; row++)
        {
            int type = 0;
            for (int position = 0; position < batch.Lengths[row]; position++, at++)
            {
                int place = row * batch.Length + position;
                var token = path is null ? Vector(batch.Tokens[place]) : Between(batch.Tokens[place], path.Baselines[place], path.Shares[row]);
                var target = new Span<float>(space.Rows + (nint)at * padded, padded);
                if (positions == null) TensorPrimitives.Multiply(token, _scale, target);
                else TensorPrimitives.MultiplyAdd(token, _scale, new ReadOnlySpan<float>(positions + (nint)position * width, width), target);
                if (_model.TokenTypeOffset >= 0) TensorPrimitives.Add(target[..width], new ReadOnlySpan<float>(weights + TypeOffset(type), width), target);
                if (batch.Tokens[place] == _separator) type = NextType(type);
                target[width..].Clear();
            }
        }
        new Span<float>(space.Rows + (nint)at * padded, (blocks * T.Count - at) * padded).Clear();
        float* x = space.Layers[0].Input;
        TokenLayout<T>.FromRows(space.Rows, blocks, padded, x);
        if (_model.EmbeddingNorm is { } norm) LayerNormKernels<T>.Forward(_model.Kept(norm, blocks, space.EmbeddingNormalized, space.EmbeddingInverseDeviation), x, x);
        DropoutKernels<T>.Apply(x, Floats(blocks), dropout, DropoutSite.Embedding, 0, x);
    }

    /// <summary>Adds the gradients of everything before the layers; the gradient of their input is in the workspace's stream, which is overwritten.</summary>
    public void Backward(TokenBatch batch, int from, int to, Workspace<T> space, int blocks, in Dropout dropout, WorkerGradients<T> gradients)
    {
        int width = _model.Options.ModelWidth, padded = _model.Width, at = 0;
        BackwardSum(space, blocks, dropout, gradients);
        float* positions = _model.PositionOffset >= 0 ? gradients.Values + _model.PositionOffset : null;
        for (int row = from; row < to; row++)
        {
            int type = 0;
            for (int position = 0; position < batch.Lengths[row]; position++, at++)
            {
                int token = batch.Tokens[row * batch.Length + position];
                var gradient = new ReadOnlySpan<float>(space.Rows + (nint)at * padded, width);
                if (token != 0 && _trainsTokens) gradients.AddToken(token, gradient, _scale);
                if (positions != null)
                {
                    var target = new Span<float>(positions + (nint)position * width, width);
                    TensorPrimitives.Add(gradient, target, target);
                }
                if (_model.TokenTypeOffset >= 0)
                {
                    var target = new Span<float>(gradients.Values + TypeOffset(type), width);
                    TensorPrimitives.Add(gradient, target, target);
                }
                if (token == _separator) type = NextType(type);
            }
        }
    }

    /// <summary>How much the rows' numbers grow with each token's share of the way; the gradient of the layers' input is in the workspace's stream, which is overwritten.</summary>
    public void Backward(TokenBatch batch, int from, int to, Workspace<T> space, int blocks, TokenPath path, WorkerGradients<T> gradients, Span<float> results)
    {
        int width = _model.Options.ModelWidth, padded = _model.Width, at = 0;
        BackwardSum(space, blocks, default, gradients);
        for (int row = from; row < to; row++)
        {
            for (int position = 0; position < batch.Lengths[row]; position++, at++)
            {
                int place = row * batch.Length + position;
                TensorPrimitives.Subtract(Vector(batch.Tokens[place]), Vector(path.Baselines[place]), _between);
                results[place] = _scale * TensorPrimitives.Dot(new ReadOnlySpan<float>(space.Rows + (nint)at * padded, width), _between);
            }
        }
    }

    /// <summary>Rows of the gradient of token scale + position + type.</summary>
    private void BackwardSum(Workspace<T> space, int blocks, in Dropout dropout, WorkerGradients<T> gradients)
    {
        float* dx = space.DStream;
        DropoutKernels<T>.Apply(dx, Floats(blocks), dropout, DropoutSite.Embedding, 0, dx);
        if (_model.EmbeddingNorm is { } norm) LayerNormKernels<T>.Backward(_model.Kept(norm, blocks, space.EmbeddingNormalized, space.EmbeddingInverseDeviation), dx, gradients.EmbeddingNorm, dx, false);
        TokenLayout<T>.ToRows(dx, blocks, _model.Width, space.Rows);
    }

    /// <summary>A token's vector; of a tied head's embedding a copy, until the next one is asked for.</summary>
    private ReadOnlySpan<float> Vector(int token)
    {
        if (_model.Vocabulary is null) return new(_model.Weights.Values + _model.EmbeddingOffset + (nint)token * _model.Options.ModelWidth, _model.Options.ModelWidth);
        _model.Vocabulary.Read(token, _vector);
        return _vector;
    }

    private ReadOnlySpan<float> Between(int token, int baseline, float share)
    {
        TensorPrimitives.Subtract(Vector(token), Vector(baseline), _between);
        TensorPrimitives.MultiplyAdd(_between, share, Vector(baseline), _between);
        return _between;
    }

    private long TypeOffset(int type) => _model.TokenTypeOffset + (long)type * _model.Options.ModelWidth;

    private int NextType(int type) => Math.Min(type + 1, _model.Options.TokenTypes - 1);

    private long Floats(int blocks) => (long)blocks * _model.Width * T.Count;
}
