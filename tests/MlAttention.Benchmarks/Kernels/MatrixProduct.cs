using MlAttention.Core.Managed;
using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Storage;

namespace MlAttention.Benchmarks.Kernels;

/// <summary>The managed engine's product of square matrices: packed weights times tokens in lanes.</summary>
internal abstract unsafe class MatrixProduct : IDisposable
{
    /// <summary>Rows and columns of all three matrices; a multiple of 64.</summary>
    public static MatrixProduct Create(int size) => LaneWidth.Chosen switch
    {
        512 => new Product<Lanes512>(size),
        256 => new Product<Lanes256>(size),
        _ => new Product<Lanes128>(size),
    };

    public abstract void Multiply();

    public abstract void Dispose();

    private sealed class Product<T> : MatrixProduct where T : struct, ILanes<T>
    {
        private readonly int _size;
        private readonly StoredLinear<T> _linear;
        private readonly NativeBuffer _weights, _bias, _input, _output;

        public Product(int size)
        {
            _size = size;
            (_weights, _bias) = (new NativeBuffer((long)size * size), new NativeBuffer(size));
            _linear = new StoredLinear<T>(_weights.Start, _bias.Start, size, size);
            for (var i = 0; i < size * size; i++) _weights.Start[i] = i % 13 - 6;
            (_input, _output) = (new NativeBuffer((long)size * size), new NativeBuffer((long)size * size));
            for (var i = 0; i < size * size; i++) _input.Start[i] = i % 7 - 3;
        }

        public override void Multiply() => _linear.Forward(_input.Start, TokenLayout<T>.Blocks(_size), _output.Start);

        public override void Dispose()
        {
            _weights.Dispose();
            _bias.Dispose();
            _input.Dispose();
            _output.Dispose();
        }
    }
}
