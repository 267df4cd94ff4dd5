using MlAttention.Weights;

namespace MlAttention.Engines;

/// <summary>
/// Trains and scores one sequence classifier. Both engines implement it over one weight layout, so that either can continue
/// where the other stopped. Not thread-safe; scoring from many threads goes through the scorer of the fitted model.
/// </summary>
internal interface ISequenceEngine : IDisposable
{
    /// <summary>"TorchSharp" or "Managed".</summary>
    string Name { get; }

    /// <summary>Forward and backward; adds the gradients of the batch's weighted loss sum times <paramref name="scale"/>.</summary>
    /// <returns>The weighted sum of the rows' losses.</returns>
    double Accumulate(TokenBatch batch, float scale);

    /// <summary>Clips the accumulated gradients, updates the weights and clears the gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    /// <returns>The gradients' Euclidean norm before clipping.</returns>
    double Step(double learningRate);

    /// <summary>Logits [B,C] of a batch, without dropout.</summary>
    void Score(TokenBatch batch, Span<float> logits);

    /// <summary>A copy of all weights in the model's order.</summary>
    IReadOnlyList<WeightTensor> GetWeights();

    /// <summary>Replaces all weights.</summary>
    /// <exception cref="ArgumentException">A name or a shape differs from the model's.</exception>
    void SetWeights(IReadOnlyList<WeightTensor> weights);
}
