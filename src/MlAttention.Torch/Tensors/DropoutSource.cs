using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Torch.Tensors;

/// <summary>
/// Dropout of the layers. While a source is open on a thread, its masks follow from the source's seed and come from
/// <see cref="DropoutMask"/>, several times faster than libtorch's serial bernoulli; otherwise torch's own dropout draws from
/// torch's random state.
/// </summary>
internal sealed class DropoutSource : IDisposable
{
    [ThreadStatic] private static DropoutSource? _current;
    private readonly DropoutSource? _outer;
    private readonly ulong _seed;

    private DropoutSource(ulong seed)
    {
        (_seed, _outer) = (seed, _current);
        _current = this;
    }

    /// <summary>How many masks the thread's open source has given; a part of a model that is computed twice sets it back.</summary>
    public static int Position
    {
        get => _current?._position ?? 0;
        set
        {
            if (_current is { } source) source._position = value;
        }
    }

    private int _position;

    /// <summary>Opens a source on this thread, until it is disposed.</summary>
    public static DropoutSource Open(ulong seed) => new(seed);

    /// <summary>Dropout of a layer: nothing when it is not training or drops nothing.</summary>
    public static Tensor Apply(Tensor x, double probability, bool training) => training && probability > 0 ? Apply(x, probability) : x;

    /// <exception cref="ArgumentOutOfRangeException">The probability is not from 0 to below 1.</exception>
    public static double Checked(double dropout) =>
        dropout is >= 0 and < 1 ? dropout : throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "Dropout must be from 0 to below 1.");

    /// <summary>Drops elements of x with the probability and scales the others by 1 / (1 - probability).</summary>
    public static Tensor Apply(Tensor x, double probability)
    {
        if (_current is not { } source || x.device_type != DeviceType.CPU || x.dtype != ScalarType.Float32) return nn.functional.dropout(x, probability);
        var mask = empty(x.shape);
        DropoutMask.Fill(mask.Floats(), probability, SplitMix64.Seed(unchecked((long)source._seed), "mask", source._position++));
        return x * mask;
    }

    /// <summary>Gives the thread its former source back.</summary>
    public void Dispose() => _current = _outer;
}
