namespace MlAttention.Core.Engines;

/// <summary>
/// Trains and scores one sequence classifier. Both engines implement it over one weight layout, so that either can continue
/// where the other stopped. Not thread-safe; scoring from many threads goes through <see cref="ISequenceScorer"/>.
/// </summary>
internal interface ISequenceEngine : IDisposable
{
    /// <summary>"TorchSharp" or "Managed".</summary>
    string Name { get; }

    /// <summary>Forward and backward; adds the gradients of the batch's weighted loss sum times <paramref name="scale"/>.</summary>
    /// <param name="batch">Rows with targets.</param>
    /// <param name="scale">Factor on the gradients; the trainer gives 1 / sum of the weights of the whole step.</param>
    /// <param name="dropoutSeed">
    /// Everything random in this call follows from this number alone, so that a resumed run needs no generator's state.
    /// </param>
    /// <returns>The weighted sum of the rows' or tokens' losses, not scaled.</returns>
    double Accumulate(TokenBatch batch, float scale, ulong dropoutSeed);

    /// <summary>Clips the accumulated gradients, updates the weights and clears the gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    /// <returns>The gradients' Euclidean norm before clipping; when it is not finite the weights stay as they were.</returns>
    double Step(double learningRate);

    /// <summary>
    /// Logits [B,C] of a batch, or [B,L,C] where each token has its own, 0 for padding; of predicted tokens [P,C], those of the P places with a
    /// label, unless the batch is without targets. Without dropout.
    /// </summary>
    void Score(TokenBatch batch, Span<float> logits);

    /// <summary>A copy of all weights, each name once; readers match by name.</summary>
    /// <param name="earlier">An earlier copy, whose arrays are written over and given back; null for new ones.</param>
    IReadOnlyList<WeightTensor> GetWeights(IReadOnlyList<WeightTensor>? earlier = null);

    /// <summary>Replaces all weights; the optimizer's state stays.</summary>
    /// <exception cref="ArgumentException">A name or a shape differs from the model's.</exception>
    void SetWeights(IReadOnlyList<WeightTensor> weights);

    /// <summary>A copy of the optimizer's state: "step" [1] and, for each weight, its moments, named "first." or "second." + weight.</summary>
    IReadOnlyList<WeightTensor> GetOptimizerState();

    /// <summary>Replaces the optimizer's state.</summary>
    /// <exception cref="ArgumentException">A name or a shape differs from the optimizer's.</exception>
    void SetOptimizerState(IReadOnlyList<WeightTensor> state);
}

/// <summary>
/// Scores batches with fixed weights. Safe to call from any number of threads at once; holds nothing that a caller must dispose.
/// </summary>
internal interface ISequenceScorer
{
    /// <summary>"TorchSharp" or "Managed".</summary>
    string EngineName { get; }

    /// <inheritdoc cref="ISequenceEngine.Score"/>
    void Score(TokenBatch batch, Span<float> logits);

    /// <summary>Pooled vectors [B,D] of a batch, row-major: what the classifier's head sees.</summary>
    void Encode(TokenBatch batch, Span<float> vectors);

    /// <summary>The encoder's vectors [B,L,D] of a batch, row-major: one for each token, 0 for padding.</summary>
    void EncodeTokens(TokenBatch batch, Span<float> vectors);

    /// <summary>How fast the number that the path looks at grows with each token's own share, [B,L] row-major; 0 for padding.</summary>
    /// <remarks>d number / d share(token) = (e(token) - e(baseline)) · d number / d e, at the place where the path stands.</remarks>
    void PathGradients(TokenBatch batch, TokenPath path, Span<float> gradients);
}
