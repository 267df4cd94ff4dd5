namespace MlAttention.Engines;

/// <summary>
/// Scores batches with fixed weights. Safe to call from any number of threads at once; holds nothing that a caller must dispose.
/// </summary>
internal interface ISequenceScorer
{
    /// <summary>"TorchSharp" or "Managed".</summary>
    string EngineName { get; }

    /// <summary>Logits [B,C] of a batch, row-major.</summary>
    void Score(TokenBatch batch, Span<float> logits);

    /// <summary>Pooled vectors [B,D] of a batch, row-major: what the classifier's head sees.</summary>
    void Encode(TokenBatch batch, Span<float> vectors);
}
