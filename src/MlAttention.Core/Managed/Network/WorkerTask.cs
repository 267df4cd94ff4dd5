namespace MlAttention.Core.Managed.Network;

/// <summary>What a worker has memory for.</summary>
internal enum WorkerTask
{
    /// <summary>Forward passes alone.</summary>
    Score,
    /// <summary>Backward passes to the tokens, without the gradients of the layers' matrices.</summary>
    Explain,
    /// <summary>Backward passes to all weights that are trained.</summary>
    Train,
}
