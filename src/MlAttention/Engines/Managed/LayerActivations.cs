namespace MlAttention.Engines.Managed;

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

    /// <summary>The hidden layer before and after activation and dropout [F]; the same memory where nobody needs the former again.</summary>
    public float* Hidden, Activated;

    /// <summary>The layer's output [D]: the next layer's input.</summary>
    public float* Output;
}
