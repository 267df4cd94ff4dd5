namespace MlAttention.Core.Managed.Network;

/// <summary>A head that gives each token logits of its own: forward over a chunk's tokens, and back to their vectors.</summary>
internal interface ITokenHead<T> where T : struct, ILanes<T>
{
    /// <summary>Writes the logits of the rows [from, to) among those of a batch, as <see cref="ISequenceEngine.Score"/> lays them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The chunk's first row.</param>
    /// <param name="to">The row behind its last one.</param>
    /// <param name="starts">Where each sequence of the chunk begins among its packed tokens.</param>
    /// <param name="space">The chunk's activations.</param>
    /// <param name="blocks">Blocks of tokens.</param>
    /// <param name="logits">Those of the batch.</param>
    void Forward(TokenBatch batch, int from, int to, int[] starts, Workspace<T> space, int blocks, Span<float> logits);

    /// <summary>Writes the gradient of the chunk's vectors to the gradient of the stream, and adds that of the head's weights.</summary>
    /// <returns>The weighted sum of the tokens' losses.</returns>
    double Backward(TokenBatch batch, int from, int to, int[] starts, Workspace<T> space, int blocks, float scale, WorkerGradients<T> gradients);
}
