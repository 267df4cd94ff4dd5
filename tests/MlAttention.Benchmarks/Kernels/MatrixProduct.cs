using MlAttention.Core.Managed;
using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Managed.Packing;

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
        private readonly PackedLinear<T> _weights;
        private readonly NativeBuffer _input, _output;

        public Product(int size)
        {
            _size = size;
            _weights = new PackedLinear<T>(PackedLinear<T>.Padded(size), PackedLinear<T>.Padded(size));
            using NativeBuffer weights = new((long)size * size), bias = new(size);
            for (var i = 0; i < size * size; i++) weights.Start[i] = i % 13 - 6;
            _weights.Pack(weights.Start, bias.Start);
            (_input, _output) = (new NativeBuffer((long)size * size), new NativeBuffer((long)size * size));
            for (var i = 0; i < size * size; i++) _input.Start[i] = i % 7 - 3;
        }

        public override void Multiply() => _weights.Forward(_input.Start, TokenLayout<T>.Blocks(_size), _output.Start);

        public override void Dispose()
        {
            _weights.Dispose();
            _input.Dispose();
            _output.Dispose();
        }
    }
}
