namespace MlAttention.Engines.Managed;

/// <summary>Where a layer norm's gain and bias lie, in the weights and in the gradients.</summary>
internal readonly unsafe struct NormWeights
{
    private readonly float* _weights;

    /// <param name="weights">All weights.</param>
    /// <param name="name">The norm's name with a dot behind it.</param>
    public NormWeights(FlatWeights weights, string name)
    {
        _weights = weights.Values;
        GainOffset = weights.Offset(name + "weight");
        BiasOffset = weights.Offset(name + "bias");
    }

    public long GainOffset { get; }

    public long BiasOffset { get; }

    public float* Gain => _weights + GainOffset;

    public float* Bias => _weights + BiasOffset;
}
