using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace MlAttention.Core.Managed.Kernels;

/// <summary>Eight lanes: AVX2 with FMA.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Lanes256>
{
    private readonly Vector256<float> _value;

    [MethodImpl(AggressiveInlining)] private Lanes256(Vector256<float> value) => _value = value;

    public static int Count => Vector256<float>.Count;
    public static Lanes256 Index { [MethodImpl(AggressiveInlining)] get => new(Vector256.ConvertToSingle(Vector256<int>.Indices)); }
    [MethodImpl(AggressiveInlining)] public static Lanes256 Load(float* source) => new(Vector256.Load(source));
    [MethodImpl(AggressiveInlining)] public static void Store(Lanes256 value, float* target) => value._value.Store(target);
    [MethodImpl(AggressiveInlining)] public static Lanes256 Create(float value) => new(Vector256.Create(value));
    [MethodImpl(AggressiveInlining)] public static Lanes256 CreateBits(uint bits) => new(Vector256.Create(bits).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._value + right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._value - right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left._value * right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left._value / right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 addend) => new(Vector256.MultiplyAddEstimate(left._value, right._value, addend._value));
    [MethodImpl(AggressiveInlining)] public static Lanes256 Max(Lanes256 left, Lanes256 right) => new(Vector256.MaxNative(left._value, right._value));
    [MethodImpl(AggressiveInlining)] public static Lanes256 Abs(Lanes256 value) => new(Vector256.Abs(value._value));
    [MethodImpl(AggressiveInlining)] public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value._value));
    [MethodImpl(AggressiveInlining)] public static Lanes256 GreaterThan(Lanes256 left, Lanes256 right) => new(Vector256.GreaterThan(left._value, right._value));
    [MethodImpl(AggressiveInlining)] public static Lanes256 Select(Lanes256 mask, Lanes256 ifSet, Lanes256 ifClear) => new(Vector256.ConditionalSelect(mask._value, ifSet._value, ifClear._value));
    [MethodImpl(AggressiveInlining)] public static float Sum(Lanes256 value) => Vector256.Sum(value._value);
    [MethodImpl(AggressiveInlining)] public static Lanes256 Xor(Lanes256 left, Lanes256 right) => new(left._value ^ right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes256 And(Lanes256 left, Lanes256 right) => new(left._value & right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes256 ShiftLeft(Lanes256 bits, int count) => new(Vector256.ShiftLeft(bits._value.AsUInt32(), count).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes256 RotateLeft(Lanes256 bits, [ConstantExpected] byte count) => new(((Vector256.ShiftLeft(bits._value.AsUInt32(), count)) | Vector256.ShiftRightLogical(bits._value.AsUInt32(), 32 - count)).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes256 AddIntegers(Lanes256 left, Lanes256 right) => new((left._value.AsUInt32() + right._value.AsUInt32()).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes256 LessThanIntegers(Lanes256 left, Lanes256 right) => new(Vector256.LessThan(left._value.AsInt32(), right._value.AsInt32()).AsSingle());

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyTile(int depth, float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, bool accumulate, float* next)
    {
        Vector256<float> c0, c1, c2, c3, c4, c5, c6, c7;
        if (accumulate)
        {
            c0 = Vector256.Load(c); c1 = Vector256.Load(c + 1 * cStride); c2 = Vector256.Load(c + 2 * cStride); c3 = Vector256.Load(c + 3 * cStride);
            c4 = Vector256.Load(c + 4 * cStride); c5 = Vector256.Load(c + 5 * cStride); c6 = Vector256.Load(c + 6 * cStride); c7 = Vector256.Load(c + 7 * cStride);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = Vector256<float>.Zero;
        }
        for (int k = 0; k < depth; k++, a += aStride, b += bStride, next += aStride)
        {
            Prefetch.Line(next);
            Vector256<float> row = Vector256.Load(b);
            c0 = Vector256.MultiplyAddEstimate(Vector256.Create(a[0]), row, c0);
            c1 = Vector256.MultiplyAddEstimate(Vector256.Create(a[1]), row, c1);
            c2 = Vector256.MultiplyAddEstimate(Vector256.Create(a[2]), row, c2);
            c3 = Vector256.MultiplyAddEstimate(Vector256.Create(a[3]), row, c3);
            c4 = Vector256.MultiplyAddEstimate(Vector256.Create(a[4]), row, c4);
            c5 = Vector256.MultiplyAddEstimate(Vector256.Create(a[5]), row, c5);
            c6 = Vector256.MultiplyAddEstimate(Vector256.Create(a[6]), row, c6);
            c7 = Vector256.MultiplyAddEstimate(Vector256.Create(a[7]), row, c7);
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
        c4.Store(c + 4 * cStride); c5.Store(c + 5 * cStride); c6.Store(c + 6 * cStride); c7.Store(c + 7 * cStride);
    }

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyBlocks(int blocks, float* a, nint aBlockStride, float* b, nint bStride, float* c, nint cStride, float* bias, bool accumulate, float* next)
    {
        Vector256<float> c0, c1, c2, c3, c4, c5, c6, c7;
        if (bias != null)
        {
            c0 = Vector256.Create(bias[0]); c1 = Vector256.Create(bias[1]); c2 = Vector256.Create(bias[2]); c3 = Vector256.Create(bias[3]);
            c4 = Vector256.Create(bias[4]); c5 = Vector256.Create(bias[5]); c6 = Vector256.Create(bias[6]); c7 = Vector256.Create(bias[7]);
        }
        else if (accumulate)
        {
            c0 = Vector256.Load(c); c1 = Vector256.Load(c + 1 * cStride); c2 = Vector256.Load(c + 2 * cStride); c3 = Vector256.Load(c + 3 * cStride);
            c4 = Vector256.Load(c + 4 * cStride); c5 = Vector256.Load(c + 5 * cStride); c6 = Vector256.Load(c + 6 * cStride); c7 = Vector256.Load(c + 7 * cStride);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = Vector256<float>.Zero;
        }
        for (int block = 0; block < blocks; block++, a += aBlockStride, next += aBlockStride)
        {
            float* token = a;
            for (int k = 0; k < 8; k++, token++, b += bStride)
            {
                Prefetch.Line(next + k * 8);
                Vector256<float> row = Vector256.Load(b);
                c0 = Vector256.MultiplyAddEstimate(Vector256.Create(token[0]), row, c0);
                c1 = Vector256.MultiplyAddEstimate(Vector256.Create(token[8]), row, c1);
                c2 = Vector256.MultiplyAddEstimate(Vector256.Create(token[16]), row, c2);
                c3 = Vector256.MultiplyAddEstimate(Vector256.Create(token[24]), row, c3);
                c4 = Vector256.MultiplyAddEstimate(Vector256.Create(token[32]), row, c4);
                c5 = Vector256.MultiplyAddEstimate(Vector256.Create(token[40]), row, c5);
                c6 = Vector256.MultiplyAddEstimate(Vector256.Create(token[48]), row, c6);
                c7 = Vector256.MultiplyAddEstimate(Vector256.Create(token[56]), row, c7);
            }
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
        c4.Store(c + 4 * cStride); c5.Store(c + 5 * cStride); c6.Store(c + 6 * cStride); c7.Store(c + 7 * cStride);
    }

    // Products of two tiles side by side: they share what is broadcast, so that the loads keep up with two multiply-adds a cycle.
    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyTilePair(int depth, float* a, nint aStride, float* b, nint bNext, float* c, nint cNext, bool accumulate, float* next)
    {
        for (int half = 0; half < 8; half += 4, a += 4, c += 32)
        {
            Vector256<float> l0, l1, l2, l3;
            Vector256<float> r0, r1, r2, r3;
            if (accumulate)
            {
                l0 = Vector256.Load(c); r0 = Vector256.Load(c + cNext); l1 = Vector256.Load(c + 8); r1 = Vector256.Load(c + cNext + 8);
                l2 = Vector256.Load(c + 16); r2 = Vector256.Load(c + cNext + 16); l3 = Vector256.Load(c + 24); r3 = Vector256.Load(c + cNext + 24);
            }
            else
            {
                l0 = l1 = l2 = l3 = Vector256<float>.Zero;
                r0 = r1 = r2 = r3 = Vector256<float>.Zero;
            }
            float* factors = a, row = b, ahead = next + half / 4 * aStride;
            for (int k = 0; k < depth; k += 2, factors += 2 * aStride, row += 16, ahead += 2 * aStride)
            {
                Prefetch.Line(ahead);
                Vector256<float> left = Vector256.Load(row), right = Vector256.Load(row + bNext);
                Add(factors[0], left, right, ref l0, ref r0); Add(factors[1], left, right, ref l1, ref r1);
                Add(factors[2], left, right, ref l2, ref r2); Add(factors[3], left, right, ref l3, ref r3);
                float* second = factors + aStride;
                left = Vector256.Load(row + 8);
                right = Vector256.Load(row + 8 + bNext);
                Add(second[0], left, right, ref l0, ref r0); Add(second[1], left, right, ref l1, ref r1);
                Add(second[2], left, right, ref l2, ref r2); Add(second[3], left, right, ref l3, ref r3);
            }
            l0.Store(c); r0.Store(c + cNext); l1.Store(c + 8); r1.Store(c + cNext + 8);
            l2.Store(c + 16); r2.Store(c + cNext + 16); l3.Store(c + 24); r3.Store(c + cNext + 24);
        }
    }

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyBlocksPair(int blocks, float* a, nint aBlockStride, float* b, nint bStride, nint bNext, float* c, nint cStride, nint cNext, float* bias, bool accumulate, float* next)
    {
        for (int half = 0; half < 8; half += 4, a += 32, c += 4 * cStride, bias += bias == null ? 0 : 4)
        {
            Vector256<float> l0, l1, l2, l3;
            Vector256<float> r0, r1, r2, r3;
            if (bias != null)
            {
                l0 = r0 = Vector256.Create(bias[0]); l1 = r1 = Vector256.Create(bias[1]); l2 = r2 = Vector256.Create(bias[2]); l3 = r3 = Vector256.Create(bias[3]);
            }
            else if (accumulate)
            {
                l0 = Vector256.Load(c); r0 = Vector256.Load(c + cNext); l1 = Vector256.Load(c + 1 * cStride); r1 = Vector256.Load(c + cNext + 1 * cStride);
                l2 = Vector256.Load(c + 2 * cStride); r2 = Vector256.Load(c + cNext + 2 * cStride); l3 = Vector256.Load(c + 3 * cStride); r3 = Vector256.Load(c + cNext + 3 * cStride);
            }
            else
            {
                l0 = l1 = l2 = l3 = Vector256<float>.Zero;
                r0 = r1 = r2 = r3 = Vector256<float>.Zero;
            }
            float* factors = a, row = b, ahead = next + half * 8;
            for (int block = 0; block < blocks; block++, factors += aBlockStride, ahead += aBlockStride)
            {
                for (int k = 0; k < 8; k += 2, row += 2 * bStride)
                {
                    Prefetch.Line(ahead + k * 4);
                    Vector256<float> left = Vector256.Load(row), right = Vector256.Load(row + bNext);
                    float* token = factors + k;
                    Add(token[0], left, right, ref l0, ref r0); Add(token[8], left, right, ref l1, ref r1);
                    Add(token[16], left, right, ref l2, ref r2); Add(token[24], left, right, ref l3, ref r3);
                    left = Vector256.Load(row + bStride);
                    right = Vector256.Load(row + bStride + bNext);
                    Add(token[1], left, right, ref l0, ref r0); Add(token[9], left, right, ref l1, ref r1);
                    Add(token[17], left, right, ref l2, ref r2); Add(token[25], left, right, ref l3, ref r3);
                }
            }
            l0.Store(c); r0.Store(c + cNext); l1.Store(c + 1 * cStride); r1.Store(c + cNext + 1 * cStride);
            l2.Store(c + 2 * cStride); r2.Store(c + cNext + 2 * cStride); l3.Store(c + 3 * cStride); r3.Store(c + cNext + 3 * cStride);
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static void Add(float factor, Vector256<float> left, Vector256<float> right, ref Vector256<float> leftSum, ref Vector256<float> rightSum)
    {
        Vector256<float> factors = Vector256.Create(factor);
        leftSum = Vector256.MultiplyAddEstimate(factors, left, leftSum);
        rightSum = Vector256.MultiplyAddEstimate(factors, right, rightSum);
    }

    /// <summary>Value by value on machines without AVX; otherwise rows interleave within halves, and the halves change places.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (!Avx.IsSupported)
        {
            for (int row = 0; row < 8; row++)
                for (int column = 0; column < 8; column++)
                    target[column * targetStride + row] = source[row * sourceStride + column];
            return;
        }
        TransposeHalves(source, sourceStride, out var a0, out var b0, out var c0, out var d0);
        TransposeHalves(source + 4 * sourceStride, sourceStride, out var a1, out var b1, out var c1, out var d1);
        StoreHalves(a0, a1, target, 4 * targetStride);
        StoreHalves(b0, b1, target + targetStride, 4 * targetStride);
        StoreHalves(c0, c1, target + 2 * targetStride, 4 * targetStride);
        StoreHalves(d0, d1, target + 3 * targetStride, 4 * targetStride);
    }

    /// <summary>Four rows r, s, t, u to [r, s, t, u] at column i of each half, for i = 0, 1, 2, 3.</summary>
    [MethodImpl(AggressiveInlining)]
    private static void TransposeHalves(float* rows, nint stride, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth)
    {
        Vector256<float> r = Vector256.Load(rows), s = Vector256.Load(rows + stride), t = Vector256.Load(rows + 2 * stride), u = Vector256.Load(rows + 3 * stride);
        Vector256<double> rsLow = Avx.UnpackLow(r, s).AsDouble(), rsHigh = Avx.UnpackHigh(r, s).AsDouble();
        Vector256<double> tuLow = Avx.UnpackLow(t, u).AsDouble(), tuHigh = Avx.UnpackHigh(t, u).AsDouble();
        first = Avx.UnpackLow(rsLow, tuLow).AsSingle();
        second = Avx.UnpackHigh(rsLow, tuLow).AsSingle();
        third = Avx.UnpackLow(rsHigh, tuHigh).AsSingle();
        fourth = Avx.UnpackHigh(rsHigh, tuHigh).AsSingle();
    }

    [MethodImpl(AggressiveInlining)]
    private static void StoreHalves(Vector256<float> low, Vector256<float> high, float* target, nint stride)
    {
        Avx.Permute2x128(low, high, 0x20).Store(target);
        Avx.Permute2x128(low, high, 0x31).Store(target + stride);
    }
}
