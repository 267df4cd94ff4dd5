using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace MlAttention.Core.Managed.Kernels;

/// <summary>Four lanes: ARM, SSE, and, in software, every other machine.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Lanes128>
{
    private readonly Vector128<float> _value;

    [MethodImpl(AggressiveInlining)] private Lanes128(Vector128<float> value) => _value = value;

    public static int Count => Vector128<float>.Count;
    public static Lanes128 Index { [MethodImpl(AggressiveInlining)] get => new(Vector128.ConvertToSingle(Vector128<int>.Indices)); }
    [MethodImpl(AggressiveInlining)] public static Lanes128 Load(float* source) => new(Vector128.Load(source));
    [MethodImpl(AggressiveInlining)] public static void Store(Lanes128 value, float* target) => value._value.Store(target);
    [MethodImpl(AggressiveInlining)] public static Lanes128 Create(float value) => new(Vector128.Create(value));
    [MethodImpl(AggressiveInlining)] public static Lanes128 CreateBits(uint bits) => new(Vector128.Create(bits).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left._value + right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left._value - right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left._value * right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left._value / right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes128 MultiplyAdd(Lanes128 left, Lanes128 right, Lanes128 addend) => new(Vector128.MultiplyAddEstimate(left._value, right._value, addend._value));
    [MethodImpl(AggressiveInlining)] public static Lanes128 Max(Lanes128 left, Lanes128 right) => new(Vector128.MaxNative(left._value, right._value));
    [MethodImpl(AggressiveInlining)] public static Lanes128 Abs(Lanes128 value) => new(Vector128.Abs(value._value));
    [MethodImpl(AggressiveInlining)] public static Lanes128 Sqrt(Lanes128 value) => new(Vector128.Sqrt(value._value));
    [MethodImpl(AggressiveInlining)] public static Lanes128 GreaterThan(Lanes128 left, Lanes128 right) => new(Vector128.GreaterThan(left._value, right._value));
    [MethodImpl(AggressiveInlining)] public static Lanes128 Select(Lanes128 mask, Lanes128 ifSet, Lanes128 ifClear) => new(Vector128.ConditionalSelect(mask._value, ifSet._value, ifClear._value));
    [MethodImpl(AggressiveInlining)] public static float Sum(Lanes128 value) => Vector128.Sum(value._value);
    [MethodImpl(AggressiveInlining)] public static Lanes128 Xor(Lanes128 left, Lanes128 right) => new(left._value ^ right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes128 And(Lanes128 left, Lanes128 right) => new(left._value & right._value);
    [MethodImpl(AggressiveInlining)] public static Lanes128 ShiftLeft(Lanes128 bits, int count) => new(Vector128.ShiftLeft(bits._value.AsUInt32(), count).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes128 RotateLeft(Lanes128 bits, [ConstantExpected] byte count) => new(((Vector128.ShiftLeft(bits._value.AsUInt32(), count)) | Vector128.ShiftRightLogical(bits._value.AsUInt32(), 32 - count)).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes128 AddIntegers(Lanes128 left, Lanes128 right) => new((left._value.AsUInt32() + right._value.AsUInt32()).AsSingle());
    [MethodImpl(AggressiveInlining)] public static Lanes128 LessThanIntegers(Lanes128 left, Lanes128 right) => new(Vector128.LessThan(left._value.AsInt32(), right._value.AsInt32()).AsSingle());

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyTile(int depth, float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, bool accumulate, float* next)
    {
        Vector128<float> c0, c1, c2, c3;
        if (accumulate)
        {
            c0 = Vector128.Load(c); c1 = Vector128.Load(c + 1 * cStride); c2 = Vector128.Load(c + 2 * cStride); c3 = Vector128.Load(c + 3 * cStride);
        }
        else
        {
            c0 = c1 = c2 = c3 = Vector128<float>.Zero;
        }
        for (int k = 0; k < depth; k++, a += aStride, b += bStride, next += aStride)
        {
            Prefetch.Line(next);
            Vector128<float> row = Vector128.Load(b);
            c0 = Vector128.MultiplyAddEstimate(Vector128.Create(a[0]), row, c0);
            c1 = Vector128.MultiplyAddEstimate(Vector128.Create(a[1]), row, c1);
            c2 = Vector128.MultiplyAddEstimate(Vector128.Create(a[2]), row, c2);
            c3 = Vector128.MultiplyAddEstimate(Vector128.Create(a[3]), row, c3);
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
    }

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyBlocks(int blocks, float* a, nint aBlockStride, float* b, nint bStride, float* c, nint cStride, float* bias, bool accumulate, float* next)
    {
        Vector128<float> c0, c1, c2, c3;
        if (bias != null)
        {
            c0 = Vector128.Create(bias[0]); c1 = Vector128.Create(bias[1]); c2 = Vector128.Create(bias[2]); c3 = Vector128.Create(bias[3]);
        }
        else if (accumulate)
        {
            c0 = Vector128.Load(c); c1 = Vector128.Load(c + 1 * cStride); c2 = Vector128.Load(c + 2 * cStride); c3 = Vector128.Load(c + 3 * cStride);
        }
        else
        {
            c0 = c1 = c2 = c3 = Vector128<float>.Zero;
        }
        for (int block = 0; block < blocks; block++, a += aBlockStride, next += aBlockStride)
        {
            float* token = a;
            for (int k = 0; k < 4; k++, token++, b += bStride)
            {
                Prefetch.Line(next + k * 4);
                Vector128<float> row = Vector128.Load(b);
                c0 = Vector128.MultiplyAddEstimate(Vector128.Create(token[0]), row, c0);
                c1 = Vector128.MultiplyAddEstimate(Vector128.Create(token[4]), row, c1);
                c2 = Vector128.MultiplyAddEstimate(Vector128.Create(token[8]), row, c2);
                c3 = Vector128.MultiplyAddEstimate(Vector128.Create(token[12]), row, c3);
            }
        }
        c0.Store(c); c1.Store(c + 1 * cStride); c2.Store(c + 2 * cStride); c3.Store(c + 3 * cStride);
    }

    // Products of two tiles side by side: they share what is broadcast, so that the loads keep up with two multiply-adds a cycle.
    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyTilePair(int depth, float* a, nint aStride, float* b, nint bNext, float* c, nint cNext, bool accumulate, float* next)
    {
        Vector128<float> l0, l1, l2, l3;
        Vector128<float> r0, r1, r2, r3;
        if (accumulate)
        {
            l0 = Vector128.Load(c); r0 = Vector128.Load(c + cNext); l1 = Vector128.Load(c + 4); r1 = Vector128.Load(c + cNext + 4);
            l2 = Vector128.Load(c + 8); r2 = Vector128.Load(c + cNext + 8); l3 = Vector128.Load(c + 12); r3 = Vector128.Load(c + cNext + 12);
        }
        else
        {
            l0 = l1 = l2 = l3 = Vector128<float>.Zero;
            r0 = r1 = r2 = r3 = Vector128<float>.Zero;
        }
        float* factors = a, row = b;
        for (int k = 0; k < depth; k += 2, factors += 2 * aStride, row += 8, next += 2 * aStride)
        {
            Prefetch.Line(next);
            Vector128<float> left = Vector128.Load(row), right = Vector128.Load(row + bNext);
            Add(factors[0], left, right, ref l0, ref r0); Add(factors[1], left, right, ref l1, ref r1);
            Add(factors[2], left, right, ref l2, ref r2); Add(factors[3], left, right, ref l3, ref r3);
            float* second = factors + aStride;
            left = Vector128.Load(row + 4);
            right = Vector128.Load(row + 4 + bNext);
            Add(second[0], left, right, ref l0, ref r0); Add(second[1], left, right, ref l1, ref r1);
            Add(second[2], left, right, ref l2, ref r2); Add(second[3], left, right, ref l3, ref r3);
        }
        l0.Store(c); r0.Store(c + cNext); l1.Store(c + 4); r1.Store(c + cNext + 4);
        l2.Store(c + 8); r2.Store(c + cNext + 8); l3.Store(c + 12); r3.Store(c + cNext + 12);
    }

    [MethodImpl(AggressiveOptimization)]
    public static void MultiplyBlocksPair(int blocks, float* a, nint aBlockStride, float* b, nint bStride, nint bNext, float* c, nint cStride, nint cNext, float* bias, bool accumulate, float* next)
    {
        Vector128<float> l0, l1, l2, l3;
        Vector128<float> r0, r1, r2, r3;
        if (bias != null)
        {
            l0 = r0 = Vector128.Create(bias[0]); l1 = r1 = Vector128.Create(bias[1]); l2 = r2 = Vector128.Create(bias[2]); l3 = r3 = Vector128.Create(bias[3]);
        }
        else if (accumulate)
        {
            l0 = Vector128.Load(c); r0 = Vector128.Load(c + cNext); l1 = Vector128.Load(c + 1 * cStride); r1 = Vector128.Load(c + cNext + 1 * cStride);
            l2 = Vector128.Load(c + 2 * cStride); r2 = Vector128.Load(c + cNext + 2 * cStride); l3 = Vector128.Load(c + 3 * cStride); r3 = Vector128.Load(c + cNext + 3 * cStride);
        }
        else
        {
            l0 = l1 = l2 = l3 = Vector128<float>.Zero;
            r0 = r1 = r2 = r3 = Vector128<float>.Zero;
        }
        float* factors = a, row = b;
        for (int block = 0; block < blocks; block++, factors += aBlockStride, next += aBlockStride)
        {
            Prefetch.Line(next);
            for (int k = 0; k < 4; k += 2, row += 2 * bStride)
            {
                Vector128<float> left = Vector128.Load(row), right = Vector128.Load(row + bNext);
                float* token = factors + k;
                Add(token[0], left, right, ref l0, ref r0); Add(token[4], left, right, ref l1, ref r1);
                Add(token[8], left, right, ref l2, ref r2); Add(token[12], left, right, ref l3, ref r3);
                left = Vector128.Load(row + bStride);
                right = Vector128.Load(row + bStride + bNext);
                Add(token[1], left, right, ref l0, ref r0); Add(token[5], left, right, ref l1, ref r1);
                Add(token[9], left, right, ref l2, ref r2); Add(token[13], left, right, ref l3, ref r3);
            }
        }
        l0.Store(c); r0.Store(c + cNext); l1.Store(c + 1 * cStride); r1.Store(c + cNext + 1 * cStride);
        l2.Store(c + 2 * cStride); r2.Store(c + cNext + 2 * cStride); l3.Store(c + 3 * cStride); r3.Store(c + cNext + 3 * cStride);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Add(float factor, Vector128<float> left, Vector128<float> right, ref Vector128<float> leftSum, ref Vector128<float> rightSum)
    {
        Vector128<float> factors = Vector128.Create(factor);
        leftSum = Vector128.MultiplyAddEstimate(factors, left, leftSum);
        rightSum = Vector128.MultiplyAddEstimate(factors, right, rightSum);
    }

    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (int row = 0; row < 4; row++)
            for (int column = 0; column < 4; column++)
                target[column * targetStride + row] = source[row * sourceStride + column];
    }
}
