namespace MlAttention.Core.Managed.Network;

/// <summary>
/// A worker's memory for one chunk; it grows to the largest chunk seen. Without training the layers share theirs; with gradient
/// checkpointing they share all but what they read and write.
/// </summary>
internal sealed unsafe class Workspace<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly StoredModel<T> _model;
    private readonly bool _trains;
    private readonly NativeArrays _memory = new();
    private int _blocks;
    private int _sequences;
    private long _weights;

    public Workspace(StoredModel<T> model, bool trains)
    {
        (_model, _trains) = (model, trains);
        Layers = new LayerActivations[model.Layers.Count];
    }

    /// <summary>Sequences of the current chunk.</summary>
    public int Sequences { get; private set; }

    public LayerActivations[] Layers { get; }

    /// <summary>Token by token, as wide as the widest activation.</summary>
    public float* Rows;

    /// <summary>The last layer's output; after the final norm, what is pooled.</summary>
    public float* Stream, Encoded;

    /// <summary>What the norm of the embeddings keeps.</summary>
    public float* EmbeddingNormalized, EmbeddingInverseDeviation;

    /// <summary>What the final norm keeps.</summary>
    public float* FinalNormalized, FinalInverseDeviation;

    /// <summary>One sequence's pooled vector [D] and its gradient.</summary>
    public float* Pooled, DPooled;

    /// <summary>Gradient of the residual stream.</summary>
    public float* DStream;

    /// <summary>Gradient of a sublayer's output.</summary>
    public float* DBranch;

    /// <summary>A sublayer's output, and its sum with the residual stream; the gradients' memory, unless layers run forward between their backward passes.</summary>
    public float* Branch, Sum;

    /// <summary>Gradients inside the sublayers.</summary>
    public float* DHidden, DHeads, DQkv;

    /// <summary>Makes room for a chunk.</summary>
    /// <param name="blocks">Blocks of tokens.</param>
    /// <param name="sequences">Sequences.</param>
    /// <param name="weights">Floats of attention weights that each layer keeps.</param>
    public void Reserve(int blocks, int sequences, long weights)
    {
        Sequences = sequences;
        if (blocks <= _blocks && sequences <= _sequences && weights <= _weights) return;
        (_blocks, _sequences, _weights) = (Math.Max(blocks, _blocks), Math.Max(sequences, _sequences), Math.Max(weights, _weights));
        _memory.Lay(Lay);
    }

    public void Dispose() => _memory.Dispose();

    private void Lay()
    {
        int width = _model.Width, hidden = _model.HiddenWidth, joined = _model.JoinedWidth;
        for (int index = 0; index < Layers.Length; index++)
        {
            if (index > 0 && !_trains)
            {
                Layers[index] = Layers[0];
                continue;
            }
            ref var layer = ref Layers[index];
            if (index > 0 && Checkpoints)
            {
                layer = Layers[0];
                layer.Input = Layers[index - 1].Output;
                if (_model.Options.Norm == NormPlacement.Post) layer.AttentionInput = layer.Input;
                layer.Output = Take(width);
                continue;
            }
            bool preNorm = _model.Options.Norm == NormPlacement.Pre;
            layer.Input = index == 0 ? Take(width) : Layers[index - 1].Output;
            layer.AttentionInput = preNorm ? Take(width) : layer.Input;
            layer.Normalized1 = Take(width);
            layer.InverseDeviation1 = Take(1);
            layer.Qkv = Take(3 * joined);
            layer.Heads = Take(joined);
            layer.Statistics = _memory.Take(2L * _model.Options.Heads * (_blocks + _sequences) * T.Count);
            layer.Weights = _trains ? _memory.Take(_weights) : null;
            layer.Middle = Take(width);
            layer.FeedForwardInput = preNorm ? Take(width) : layer.Middle;
            layer.Normalized2 = Take(width);
            layer.InverseDeviation2 = Take(1);
            layer.Hidden = Take(hidden);
            layer.Activated = _trains && ActivationKernels<T>.NeedsInput(_model.Options.Activation) ? Take(hidden) : layer.Hidden;
            layer.Output = _trains ? Take(width) : layer.Input;
        }
        Stream = Layers[^1].Output;
        Encoded = _model.Options.Norm == NormPlacement.Pre ? Take(width) : Stream;
        FinalNormalized = Take(width);
        FinalInverseDeviation = Take(1);
        if (_model.EmbeddingNorm is not null)
        {
            EmbeddingNormalized = Take(width);
            EmbeddingInverseDeviation = Take(1);
        }
        Rows = Take(Math.Max(Math.Max(width, hidden), joined));
        Pooled = _memory.Take(width);
        DPooled = _memory.Take(width);
        DStream = Take(width);
        DBranch = Take(width);
        Sum = Checkpoints ? Take(width) : DStream;
        Branch = Checkpoints ? Take(width) : DBranch;
        if (!_trains) return;
        DHidden = Take(hidden);
        DHeads = Take(joined);
        DQkv = Take(3 * joined);
    }

    private bool Checkpoints => _trains && _model.Options.GradientCheckpointing;

    private float* Take(int width) => _memory.Take((long)_blocks * width * T.Count);
}

/// <summary>What one encoder layer keeps between its forward and its backward pass; packed blocks all.</summary>
internal unsafe struct LayerActivations
{
    /// <summary>The layer's input x [D].</summary>
    public float* Input;

    /// <summary>What attention reads [D]: the normed input, or the input itself with post norm.</summary>
    public float* AttentionInput;

    /// <summary>The first norm's normalized values [D] and inverse deviations [1].</summary>
    public float* Normalized1, InverseDeviation1;

    /// <summary>Queries, keys and values [3 joined heads].</summary>
    public float* Qkv;

    /// <summary>The heads' outputs [joined heads].</summary>
    public float* Heads;

    /// <summary>Softmax statistics, for each head of each sequence.</summary>
    public float* Statistics;

    /// <summary>Attention weights of the sequences that are short enough to keep them, for each head.</summary>
    public float* Weights;

    /// <summary>The stream between the sublayers [D].</summary>
    public float* Middle;

    /// <summary>What the feed-forward network reads [D].</summary>
    public float* FeedForwardInput;

    /// <summary>The second norm's normalized values [D] and inverse deviations [1].</summary>
    public float* Normalized2, InverseDeviation2;

    /// <summary>The hidden layer before and after activation and dropout [F]; the same memory where the former is not needed again.</summary>
    public float* Hidden, Activated;

    /// <summary>The layer's output [D]: the next layer's input.</summary>
    public float* Output;
}
