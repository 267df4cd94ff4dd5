using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace MlAttention.Core.Managed.Kernels;

/// <summary>Sixteen lanes: AVX-512. Random numbers use them on every machine, in software where it has none.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Lanes512>
{
    private readonly Vector512<float> _value;

    [MethodImpl(AggressiveInlining)] private Lanes512(Vector512<float> value) => _value = value;

    public static int Count => Vector512<float>.Count;
    public static Lanes512 Index { [MethodImpl(AggressiveInlining)] get => new(Vector512.ConvertToSingle(Vector512<int>.Indices)); }
    [MethodImpl(AggressiveInlining)] public static Lanes512 Load(float* source) => new(Vector512.Load(source));
    [MethodImpl(AggressiveInlining)] public static void Store(Lanes512 value, float* target) => value._value.Store(target);
    [MethodImpl(AggressiveInlining)] public static Lanes512 Create(float value) => new(Vector512.Create(value));
    [MethodImpl(AggressiveInlining)] public static Lanes512 CreateBits(uint bits) => new(Vector512.Create(bits).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left._value + right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left._value - right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left._value * right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left._value / right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 addend) => new(Vector512.MultiplyAddEstimate(left._value, right._value, addend._value));
    [MethodImpl(AggressiveInlining)] public static Lanes512 Max(Lanes512 left, Lanes512 right) => new(Vector512.MaxNative(left._value, right._value));
    [MethodImpl(AggressiveInlining)] public static Lanes512 Abs(Lanes512 value) => new(Vector512.Abs(value._value));
    [MethodImpl(AggressiveInlining)] public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value._value));
    [MethodImpl(AggressiveInlining)] public static Lanes512 GreaterThan(Lanes512 left, Lanes512 right) => new(Vector512.GreaterThan(left._value, right._value));
    [MethodImpl(AggressiveInlining)] public static Lanes512 Select(Lanes512 mask, Lanes512 ifSet, Lanes512 ifClear) => new(Vector512.ConditionalSelect(mask._value, ifSet._value, ifClear._value));
    [MethodImpl(AggressiveInlining)] public static float Sum(Lanes512 value) => Vector512.Sum(value._value);
    [MethodImpl(AggressiveInlining)] public static Lanes512 Xor(Lanes512 left, Lanes512 right) => new(left._value ^ right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes512 And(Lanes512 left, Lanes512 right) => new(left._value & right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes512 ShiftLeft(Lanes512 bits, int count) => new(Vector512.ShiftLeft(bits._value.AsUInt32(), count).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes512 RotateLeft(Lanes512 bits, [ConstantExpected] byte count) => new((Avx512F.IsSupported
        ? Avx512F.RotateLeft(bits._value.AsUInt32(), count)
        : Vector512.ShiftLeft(bits._value.AsUInt32(), count) | Vector512.ShiftRightLogical(bits._value.AsUInt32(), 32 - count)).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes512 AddIntegers(Lanes512 left, Lanes512 right) => new((left._value.AsUInt32() + right._value.AsUInt32()).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes512 LessThanIntegers(Lanes512 left, Lanes512 right) => new(Vector512.LessThan(left._value.AsInt32(), right._value.AsInt32()).AsSingle());

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyTile(int depth, float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, bool accumulate, float* next)
    {
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15;
        if (accumulate)
        {
            c0 = Vector512.Load(c); c1 = Vector512.Load(c + 1 * cStride); c2 = Vector512.Load(c + 2 * cStride); c3 = Vector512.Load(c + 3 * cStride);
            c4 = Vector512.Load(c + 4 * cStride); c5 = Vector512.Load(c + 5 * cStride); c6 = Vector512.Load(c + 6 * cStride); c7 = Vector512.Load(c + 7 * cStride);
            c8 = Vector512.Load(c + 8 * cStride); c9 = Vector512.Load(c + 9 * cStride); c10 = Vector512.Load(c + 10 * cStride); c11 = Vector512.Load(c + 11 * cStride);
            c12 = Vector512.Load(c + 12 * cStride); c13 = Vector512.Load(c + 13 * cStride); c14 = Vector512.Load(c + 14 * cStride); c15 = Vector512.Load(c + 15 * cStride);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = c8 = c9 = c10 = c11 = c12 = c13 = c14 = c15 = Vector512<float>.Zero;
        }
        for (int k = 0; k < depth; k++, a += aStride, b += bStride, next += aStride)
        {
            Prefetch.Line(next);
            Vector512<float> row = Vector512.Load(b);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[0]), row, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[1]), row, c1);
            c2 = Vector512.MultiplyAddEstimate(Vector512.Create(a[2]), row, c2);
            c3 = Vector512.MultiplyAddEstimate(Vector512.Create(a[3]), row, c3);
            c4 = Vector512.MultiplyAddEstimate(Vector512.Create(a[4]), row, c4);
            c5 = Vector512.MultiplyAddEstimate(Vector512.Create(a[5]), row, c5);
            c6 = Vector512.MultiplyAddEstimate(Vector512.Create(a[6]), row, c6);
            c7 = Vector512.MultiplyAddEstimate(Vector512.Create(a[7]), row, c7);
            c8 = Vector512.MultiplyAddEstimate(Vector512.Create(a[8]), row, c8);
            c9 = Vector512.MultiplyAddEstimate(Vector512.Create(a[9]), row, c9);
            c10 = Vector512.MultiplyAddEstimate(Vector512.Create(a[10]), row, c10);
            c11 = Vector512.MultiplyAddEstimate(Vector512.Create(a[11]), row, c11);
            c12 = Vector512.MultiplyAddEstimate(Vector512.Create(a[12]), row, c12);
            c13 = Vector512.MultiplyAddEstimate(Vector512.Create(a[13]), row, c13);
            c14 = Vector512.MultiplyAddEstimate(Vector512.Create(a[14]), row, c14);
            c15 = Vector512.MultiplyAddEstimate(Vector512.Create(a[15]), row, c15);
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
        c4.Store(c + 4 * cStride); c5.Store(c + 5 * cStride); c6.Store(c + 6 * cStride); c7.Store(c + 7 * cStride);
        c8.Store(c + 8 * cStride); c9.Store(c + 9 * cStride); c10.Store(c + 10 * cStride); c11.Store(c + 11 * cStride);
        c12.Store(c + 12 * cStride); c13.Store(c + 13 * cStride); c14.Store(c + 14 * cStride); c15.Store(c + 15 * cStride);
    }

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyBlocks(int blocks, float* a, nint aBlockStride, float* b, nint bStride, float* c, nint cStride, float* bias, bool accumulate, float* next)
    {
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15;
        if (bias != null)
        {
            c0 = Vector512.Create(bias[0]); c1 = Vector512.Create(bias[1]); c2 = Vector512.Create(bias[2]); c3 = Vector512.Create(bias[3]);
            c4 = Vector512.Create(bias[4]); c5 = Vector512.Create(bias[5]); c6 = Vector512.Create(bias[6]); c7 = Vector512.Create(bias[7]);
            c8 = Vector512.Create(bias[8]); c9 = Vector512.Create(bias[9]); c10 = Vector512.Create(bias[10]); c11 = Vector512.Create(bias[11]);
            c12 = Vector512.Create(bias[12]); c13 = Vector512.Create(bias[13]); c14 = Vector512.Create(bias[14]); c15 = Vector512.Create(bias[15]);
        }
        else if (accumulate)
        {
            c0 = Vector512.Load(c); c1 = Vector512.Load(c + 1 * cStride); c2 = Vector512.Load(c + 2 * cStride); c3 = Vector512.Load(c + 3 * cStride);
            c4 = Vector512.Load(c + 4 * cStride); c5 = Vector512.Load(c + 5 * cStride); c6 = Vector512.Load(c + 6 * cStride); c7 = Vector512.Load(c + 7 * cStride);
            c8 = Vector512.Load(c + 8 * cStride); c9 = Vector512.Load(c + 9 * cStride); c10 = Vector512.Load(c + 10 * cStride); c11 = Vector512.Load(c + 11 * cStride);
            c12 = Vector512.Load(c + 12 * cStride); c13 = Vector512.Load(c + 13 * cStride); c14 = Vector512.Load(c + 14 * cStride); c15 = Vector512.Load(c + 15 * cStride);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = c8 = c9 = c10 = c11 = c12 = c13 = c14 = c15 = Vector512<float>.Zero;
        }
        for (int block = 0; block < blocks; block++, a += aBlockStride, next += aBlockStride)
        {
            float* token = a;
            for (int k = 0; k < 16; k++, token++, b += bStride)
            {
                Prefetch.Line(next + k * 16);
                Vector512<float> row = Vector512.Load(b);
                c0 = Vector512.MultiplyAddEstimate(Vector512.Create(token[0]), row, c0);
                c1 = Vector512.MultiplyAddEstimate(Vector512.Create(token[16]), row, c1);
                c2 = Vector512.MultiplyAddEstimate(Vector512.Create(token[32]), row, c2);
                c3 = Vector512.MultiplyAddEstimate(Vector512.Create(token[48]), row, c3);
                c4 = Vector512.MultiplyAddEstimate(Vector512.Create(token[64]), row, c4);
                c5 = Vector512.MultiplyAddEstimate(Vector512.Create(token[80]), row, c5);
                c6 = Vector512.MultiplyAddEstimate(Vector512.Create(token[96]), row, c6);
                c7 = Vector512.MultiplyAddEstimate(Vector512.Create(token[112]), row, c7);
                c8 = Vector512.MultiplyAddEstimate(Vector512.Create(token[128]), row, c8);
                c9 = Vector512.MultiplyAddEstimate(Vector512.Create(token[144]), row, c9);
                c10 = Vector512.MultiplyAddEstimate(Vector512.Create(token[160]), row, c10);
                c11 = Vector512.MultiplyAddEstimate(Vector512.Create(token[176]), row, c11);
                c12 = Vector512.MultiplyAddEstimate(Vector512.Create(token[192]), row, c12);
                c13 = Vector512.MultiplyAddEstimate(Vector512.Create(token[208]), row, c13);
                c14 = Vector512.MultiplyAddEstimate(Vector512.Create(token[224]), row, c14);
                c15 = Vector512.MultiplyAddEstimate(Vector512.Create(token[240]), row, c15);
            }
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
        c4.Store(c + 4 * cStride); c5.Store(c + 5 * cStride); c6.Store(c + 6 * cStride); c7.Store(c + 7 * cStride);
        c8.Store(c + 8 * cStride); c9.Store(c + 9 * cStride); c10.Store(c + 10 * cStride); c11.Store(c + 11 * cStride);
        c12.Store(c + 12 * cStride); c13.Store(c + 13 * cStride); c14.Store(c + 14 * cStride); c15.Store(c + 15 * cStride);
    }

    // Products of two tiles side by side: they share what is broadcast, so that the loads keep up with two multiply-adds a cycle.
    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyTilePair(int depth, float* a, nint aStride, float* b, nint bNext, float* c, nint cNext, bool accumulate, float* next)
    {
        for (int half = 0; half < 16; half += 8, a += 8, c += 128)
        {
            Vector512<float> l0, l1, l2, l3, l4, l5, l6, l7;
            Vector512<float> r0, r1, r2, r3, r4, r5, r6, r7;
            if (accumulate)
            {
                l0 = Vector512.Load(c); r0 = Vector512.Load(c + cNext); l1 = Vector512.Load(c + 16); r1 = Vector512.Load(c + cNext + 16);
                l2 = Vector512.Load(c + 32); r2 = Vector512.Load(c + cNext + 32); l3 = Vector512.Load(c + 48); r3 = Vector512.Load(c + cNext + 48);
                l4 = Vector512.Load(c + 64); r4 = Vector512.Load(c + cNext + 64); l5 = Vector512.Load(c + 80); r5 = Vector512.Load(c + cNext + 80);
                l6 = Vector512.Load(c + 96); r6 = Vector512.Load(c + cNext + 96); l7 = Vector512.Load(c + 112); r7 = Vector512.Load(c + cNext + 112);
            }
            else
            {
                l0 = l1 = l2 = l3 = l4 = l5 = l6 = l7 = Vector512<float>.Zero;
                r0 = r1 = r2 = r3 = r4 = r5 = r6 = r7 = Vector512<float>.Zero;
            }
            float* factors = a, row = b, ahead = next + half / 8 * aStride;
            for (int k = 0; k < depth; k += 2, factors += 2 * aStride, row += 32, ahead += 2 * aStride)
            {
                Prefetch.Line(ahead);
                Vector512<float> left = Vector512.Load(row), right = Vector512.Load(row + bNext);
                Add(factors[0], left, right, ref l0, ref r0); Add(factors[1], left, right, ref l1, ref r1);
                Add(factors[2], left, right, ref l2, ref r2); Add(factors[3], left, right, ref l3, ref r3);
                Add(factors[4], left, right, ref l4, ref r4); Add(factors[5], left, right, ref l5, ref r5);
                Add(factors[6], left, right, ref l6, ref r6); Add(factors[7], left, right, ref l7, ref r7);
                float* second = factors + aStride;
                left = Vector512.Load(row + 16);
                right = Vector512.Load(row + 16 + bNext);
                Add(second[0], left, right, ref l0, ref r0); Add(second[1], left, right, ref l1, ref r1);
                Add(second[2], left, right, ref l2, ref r2); Add(second[3], left, right, ref l3, ref r3);
                Add(second[4], left, right, ref l4, ref r4); Add(second[5], left, right, ref l5, ref r5);
                Add(second[6], left, right, ref l6, ref r6); Add(second[7], left, right, ref l7, ref r7);
            }
            l0.Store(c); r0.Store(c + cNext); l1.Store(c + 16); r1.Store(c + cNext + 16);
            l2.Store(c + 32); r2.Store(c + cNext + 32); l3.Store(c + 48); r3.Store(c + cNext + 48);
            l4.Store(c + 64); r4.Store(c + cNext + 64); l5.Store(c + 80); r5.Store(c + cNext + 80);
            l6.Store(c + 96); r6.Store(c + cNext + 96); l7.Store(c + 112); r7.Store(c + cNext + 112);
        }
    }

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyBlocksPair(int blocks, float* a, nint aBlockStride, float* b, nint bStride, nint bNext, float* c, nint cStride, nint cNext, float* bias, bool accumulate, float* next)
    {
        for (int half = 0; half < 16; half += 8, a += 128, c += 8 * cStride, bias += bias == null ? 0 : 8)
        {
            Vector512<float> l0, l1, l2, l3, l4, l5, l6, l7;
            Vector512<float> r0, r1, r2, r3, r4, r5, r6, r7;
            if (bias != null)
            {
                l0 = r0 = Vector512.Create(bias[0]); l1 = r1 = Vector512.Create(bias[1]); l2 = r2 = Vector512.Create(bias[2]); l3 = r3 = Vector512.Create(bias[3]);
                l4 = r4 = Vector512.Create(bias[4]); l5 = r5 = Vector512.Create(bias[5]); l6 = r6 = Vector512.Create(bias[6]); l7 = r7 = Vector512.Create(bias[7]);
            }
            else if (accumulate)
            {
                l0 = Vector512.Load(c); r0 = Vector512.Load(c + cNext); l1 = Vector512.Load(c + 1 * cStride); r1 = Vector512.Load(c + cNext + 1 * cStride);
                l2 = Vector512.Load(c + 2 * cStride); r2 = Vector512.Load(c + cNext + 2 * cStride); l3 = Vector512.Load(c + 3 * cStride); r3 = Vector512.Load(c + cNext + 3 * cStride);
                l4 = Vector512.Load(c + 4 * cStride); r4 = Vector512.Load(c + cNext + 4 * cStride); l5 = Vector512.Load(c + 5 * cStride); r5 = Vector512.Load(c + cNext + 5 * cStride);
                l6 = Vector512.Load(c + 6 * cStride); r6 = Vector512.Load(c + cNext + 6 * cStride); l7 = Vector512.Load(c + 7 * cStride); r7 = Vector512.Load(c + cNext + 7 * cStride);
            }
            else
            {
                l0 = l1 = l2 = l3 = l4 = l5 = l6 = l7 = Vector512<float>.Zero;
                r0 = r1 = r2 = r3 = r4 = r5 = r6 = r7 = Vector512<float>.Zero;
            }
            float* factors = a, row = b, ahead = next + half * 16;
            for (int block = 0; block < blocks; block++, factors += aBlockStride, ahead += aBlockStride)
            {
                for (int k = 0; k < 16; k += 2, row += 2 * bStride)
                {
                    Prefetch.Line(ahead + k * 8);
                    Vector512<float> left = Vector512.Load(row), right = Vector512.Load(row + bNext);
                    float* token = factors + k;
                    Add(token[0], left, right, ref l0, ref r0); Add(token[16], left, right, ref l1, ref r1);
                    Add(token[32], left, right, ref l2, ref r2); Add(token[48], left, right, ref l3, ref r3);
                    Add(token[64], left, right, ref l4, ref r4); Add(token[80], left, right, ref l5, ref r5);
                    Add(token[96], left, right, ref l6, ref r6); Add(token[112], left, right, ref l7, ref r7);
                    left = Vector512.Load(row + bStride);
                    right = Vector512.Load(row + bStride + bNext);
                    Add(token[1], left, right, ref l0, ref r0); Add(token[17], left, right, ref l1, ref r1);
                    Add(token[33], left, right, ref l2, ref r2); Add(token[49], left, right, ref l3, ref r3);
                    Add(token[65], left, right, ref l4, ref r4); Add(token[81], left, right, ref l5, ref r5);
                    Add(token[97], left, right, ref l6, ref r6); Add(token[113], left, right, ref l7, ref r7);
                }
            }
            l0.Store(c); r0.Store(c + cNext); l1.Store(c + 1 * cStride); r1.Store(c + cNext + 1 * cStride);
            l2.Store(c + 2 * cStride); r2.Store(c + cNext + 2 * cStride); l3.Store(c + 3 * cStride); r3.Store(c + cNext + 3 * cStride);
            l4.Store(c + 4 * cStride); r4.Store(c + cNext + 4 * cStride); l5.Store(c + 5 * cStride); r5.Store(c + cNext + 5 * cStride);
            l6.Store(c + 6 * cStride); r6.Store(c + cNext + 6 * cStride); l7.Store(c + 7 * cStride); r7.Store(c + cNext + 7 * cStride);
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static void Add(float factor, Vector512<float> left, Vector512<float> right, ref Vector512<float> leftSum, ref Vector512<float> rightSum)
    {
        Vector512<float> factors = Vector512.Create(factor);
        leftSum = Vector512.MultiplyAddEstimate(factors, left, leftSum);
        rightSum = Vector512.MultiplyAddEstimate(factors, right, rightSum);
    }

    /// <summary>Pairs of rows, then of pairs, interleave within 128-bit quarters; then the quarters change places.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        TransposeQuarters(source + 0 * sourceStride, sourceStride, out var a0, out var b0, out var c0, out var d0);
        TransposeQuarters(source + 4 * sourceStride, sourceStride, out var a1, out var b1, out var c1, out var d1);
        TransposeQuarters(source + 8 * sourceStride, sourceStride, out var a2, out var b2, out var c2, out var d2);
        TransposeQuarters(source + 12 * sourceStride, sourceStride, out var a3, out var b3, out var c3, out var d3);
        StoreQuarters(a0, a1, a2, a3, target + 0 * targetStride, 4 * targetStride);
        StoreQuarters(b0, b1, b2, b3, target + 1 * targetStride, 4 * targetStride);
        StoreQuarters(c0, c1, c2, c3, target + 2 * targetStride, 4 * targetStride);
        StoreQuarters(d0, d1, d2, d3, target + 3 * targetStride, 4 * targetStride);
    }

    /// <summary>Four rows r, s, t, u to column 4 q + i of each quarter q: [r, s, t, u] at that column, for i = 0, 1, 2, 3.</summary>
    [MethodImpl(AggressiveInlining)]
    private static void TransposeQuarters(float* rows, nint stride, out Vector512<float> first, out Vector512<float> second, out Vector512<float> third, out Vector512<float> fourth)
    {
        Vector512<float> r = Vector512.Load(rows), s = Vector512.Load(rows + stride), t = Vector512.Load(rows + 2 * stride), u = Vector512.Load(rows + 3 * stride);
        Vector512<double> rsLow = Avx512F.UnpackLow(r, s).AsDouble(), rsHigh = Avx512F.UnpackHigh(r, s).AsDouble();
        Vector512<double> tuLow = Avx512F.UnpackLow(t, u).AsDouble(), tuHigh = Avx512F.UnpackHigh(t, u).AsDouble();
        first = Avx512F.UnpackLow(rsLow, tuLow).AsSingle();
        second = Avx512F.UnpackHigh(rsLow, tuLow).AsSingle();
        third = Avx512F.UnpackLow(rsHigh, tuHigh).AsSingle();
        fourth = Avx512F.UnpackHigh(rsHigh, tuHigh).AsSingle();
    }

    /// <summary>Row q of the target is quarter q of a, b, c and d, one behind the other.</summary>
    [MethodImpl(AggressiveInlining)]
    private static void StoreQuarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, nint stride)
    {
        const byte even = 0b10_00_10_00, odd = 0b11_01_11_01;
        Vector512<float> abEven = Avx512F.Shuffle4x128(a, b, even), cdEven = Avx512F.Shuffle4x128(c, d, even);
        Vector512<float> abOdd = Avx512F.Shuffle4x128(a, b, odd), cdOdd = Avx512F.Shuffle4x128(c, d, odd);
        Avx512F.Shuffle4x128(abEven, cdEven, even).Store(target);
        Avx512F.Shuffle4x128(abOdd, cdOdd, even).Store(target + stride);
        Avx512F.Shuffle4x128(abEven, cdEven, odd).Store(target + 2 * stride);
        Avx512F.Shuffle4x128(abOdd, cdOdd, odd).Store(target + 3 * stride);
    }
}
