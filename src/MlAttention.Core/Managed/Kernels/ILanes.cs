using System.Diagnostics.CodeAnalysis;

namespace MlAttention.Core.Managed.Kernels;

/// <summary>
/// A vector of float lanes of one hardware width. Every kernel of the managed engine is written once against this interface;
/// the JIT compiles it for each width, with the vector in a register.
/// </summary>
/// <typeparam name="T">The implementing type.</typeparam>
internal unsafe interface ILanes<T> where T : struct, ILanes<T>
{
    /// <summary>Number of lanes N.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes 0, 1, ..., N - 1.</summary>
    static abstract T Index { get; }

    static abstract T Load(float* source);
    static abstract void Store(T value, float* target);
    static abstract T Create(float value);
    /// <summary>All lanes hold this bit pattern.</summary>
    static abstract T CreateBits(uint bits);

    static abstract T operator +(T left, T right);
    static abstract T operator -(T left, T right);
    static abstract T operator *(T left, T right);
    static abstract T operator /(T left, T right);
    /// <summary>left * right + addend, rounded once where the hardware can.</summary>
    static abstract T MultiplyAdd(T left, T right, T addend);
    /// <summary>The larger; either where one is not a number.</summary>
    static abstract T Max(T left, T right);
    static abstract T Abs(T value);
    static abstract T Sqrt(T value);

    /// <summary>All bits set where left &gt; right.</summary>
    static abstract T GreaterThan(T left, T right);
    static abstract T Select(T mask, T ifSet, T ifClear);
    static abstract float Sum(T value);

    static abstract T And(T left, T right);
    static abstract T Xor(T left, T right);
    static abstract T ShiftLeft(T bits, int count);
    static abstract T RotateLeft(T bits, [ConstantExpected] byte count);
    static abstract T AddIntegers(T left, T right);
    /// <summary>All bits set where left &lt; right as signed integers.</summary>
    static abstract T LessThanIntegers(T left, T right);

    /// <summary>
    /// An N x N tile of a matrix product: c[r, lane] = start + sum over k &lt; depth of a[k, r] b[k, lane], where the start is the
    /// tile's old values or zero.
    /// </summary>
    /// <remarks>The rows of a, b and c lie their strides apart, in floats. What lies at next, as a does, is fetched meanwhile: the a of the call that follows, or a itself.</remarks>
    static abstract void MultiplyTile(int depth, float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, bool accumulate, float* next);

    /// <summary>
    /// An N x N tile of a product over blocks of N: c[r, lane] = start + sum over blocks and k &lt; N of
    /// a[block][r, k] b[block * N + k, lane], where the start is bias[r], or the tile's old values, or zero.
    /// </summary>
    /// <remarks>
    /// The blocks of a, [r][N], and the rows of b and of c lie their strides apart, in floats. The bias is N values or null; where it
    /// is null, <paramref name="accumulate"/> says whether to start from the old values.
    /// </remarks>
    static abstract void MultiplyBlocks(int blocks, float* a, nint aBlockStride, float* b, nint bStride, float* c, nint cStride, float* bias, bool accumulate, float* next);

    /// <summary>Two tiles of <see cref="MultiplyTile"/> with the same a, faster than one after the other; the rows of b and c lie N floats apart.</summary>
    /// <remarks>The depth is even; from the first tile's b and c to the second's it is bNext and cNext floats.</remarks>
    static abstract void MultiplyTilePair(int depth, float* a, nint aStride, float* b, nint bNext, float* c, nint cNext, bool accumulate, float* next);

    /// <summary>Two tiles of <see cref="MultiplyBlocks"/> with the same a and bias, faster than one after the other.</summary>
    /// <remarks>From the first tile's b and c to the second's it is bNext and cNext floats.</remarks>
    static abstract void MultiplyBlocksPair(int blocks, float* a, nint aBlockStride, float* b, nint bStride, nint bNext, float* c, nint cStride, nint cNext, float* bias, bool accumulate, float* next);

    /// <summary>Transposes an N x N tile; the rows are contiguous at the given strides. Source and target do not overlap.</summary>
    static abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride);
}
