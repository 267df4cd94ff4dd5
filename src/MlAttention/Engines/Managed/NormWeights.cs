using MlAttention.Engines.Managed.Lanes;

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

    /// <summary>Floats of a worker's gradient: [2][width][N], of gain and of bias, lane by lane.</summary>
    public static long GradientCount<T>(int width) where T : struct, ILanes<T> => 2L * width * T.Count;

    /// <summary>Adds a worker's gradient, summed over its lanes, to the real one.</summary>
    public void Unpack<T>(float* gradient, int width, float* target) where T : struct, ILanes<T>
    {
        for (int i = 0; i < width; i++)
        {
            target[GainOffset + i] += T.Sum(T.Load(gradient + (nint)i * T.Count));
            target[BiasOffset + i] += T.Sum(T.Load(gradient + (nint)(width + i) * T.Count));
        }
    }
}
