using MlAttention.Core.Managed;
using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Storage;

namespace MlAttention.Benchmarks.Kernels;

/// <summary>The managed engine's pointwise kernels over 128 tokens of 64 features.</summary>
internal abstract unsafe class PointwiseKernel : IDisposable
{
    public const int Tokens = 128, Features = 64;

    public static PointwiseKernel Create() => LaneWidth.Chosen switch
    {
        512 => new Kernels<Lanes512>(),
        256 => new Kernels<Lanes256>(),
        _ => new Kernels<Lanes128>(),
    };

    /// <summary>e^(x - max) and their sum, in place, over strips of N queries and 128 keys.</summary>
    public abstract void Softmax();

    public abstract void LayerNorm();

    public abstract void Gelu();

    public abstract void Relu();

    /// <summary>Dropout with probability 0.1.</summary>
    public abstract void Dropout();

    public abstract void Dispose();

    private sealed class Kernels<T> : PointwiseKernel where T : struct, ILanes<T>
    {
        private const int Count = Tokens * Features;
        private readonly NativeBuffer _x = new(Count), _y = new(Count), _normalized = new(Count), _deviations = new(Tokens), _gain = new(Features), _bias = new(Features);
        private readonly LayerNorm _norm;
        private readonly Dropout _dropout = new(0.1, seed: 1, chunk: 0);

        public Kernels()
        {
            for (var i = 0; i < Count; i++) _x.Start[i] = (i % 41 - 20) / 10f;
            _norm = new LayerNorm
            {
                Blocks = TokenLayout<T>.Blocks(Tokens),
                Width = Features,
                PaddedWidth = Features,
                Epsilon = 1e-5f,
                Gain = _gain.Start,
                Bias = _bias.Start,
                Normalized = _normalized.Start,
                InverseDeviation = _deviations.Start,
            };
        }

        public override void Softmax()
        {
            var strip = Tokens * T.Count;
            for (var at = 0; at < Count; at += strip) SoftmaxKernels<T>.Exponentials(_x.Start + at, Tokens, SoftmaxKernels<T>.Largest(_x.Start + at, Tokens));
        }

        public override void LayerNorm() => LayerNormKernels<T>.Forward(_norm, _x.Start, _y.Start);

        public override void Gelu() => ActivationKernels<T>.Forward(ActivationKind.Gelu, _x.Start, Count, default, 0, _y.Start);

        public override void Relu() => ActivationKernels<T>.Forward(ActivationKind.Relu, _x.Start, Count, default, 0, _y.Start);

        public override void Dropout() => DropoutKernels<T>.Apply(_x.Start, Count, _dropout, DropoutSite.Embedding, 0, _y.Start);

        public override void Dispose()
        {
            foreach (var buffer in (NativeBuffer[])[_x, _y, _normalized, _deviations, _gain, _bias]) buffer.Dispose();
        }
    }
}
