using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlAttention.Engines.Managed.Lanes;

/// <summary>Products of two tiles side by side: they share what is broadcast, so that the loads keep up with two multiply-adds a cycle.</summary>
internal readonly unsafe partial struct Lanes128
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTilePair(int depth, float* a, nint aStride, float* b, nint bNext, float* c, nint cNext, float* bias, bool accumulate)
    {
        Vector128<float> l0, l1, l2, l3;
        Vector128<float> r0, r1, r2, r3;
        if (bias != null)
        {
            l0 = r0 = Vector128.Create(bias[0]); l1 = r1 = Vector128.Create(bias[1]); l2 = r2 = Vector128.Create(bias[2]); l3 = r3 = Vector128.Create(bias[3]);
        }
        else if (accumulate)
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
        for (int k = 0; k < depth; k += 2, factors += 2 * aStride, row += 8)
        {
            Vector128<float> left = Vector128.Load(row), right = Vector128.Load(row + bNext);
            Add(factors[0], left, right, ref l0, ref r0); Add(factors[1], left, right, ref l1, ref r1);
            Add(factors[2], left, right, ref l2, ref r2); Add(factors[3], left, right, ref l3, ref r3);
            float* next = factors + aStride;
            left = Vector128.Load(row + 4);
            right = Vector128.Load(row + 4 + bNext);
            Add(next[0], left, right, ref l0, ref r0); Add(next[1], left, right, ref l1, ref r1);
            Add(next[2], left, right, ref l2, ref r2); Add(next[3], left, right, ref l3, ref r3);
        }
        l0.Store(c); r0.Store(c + cNext); l1.Store(c + 4); r1.Store(c + cNext + 4);
        l2.Store(c + 8); r2.Store(c + cNext + 8); l3.Store(c + 12); r3.Store(c + cNext + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateTokensPair(int blocks, float* a, nint aBlockStride, float* b, nint bStride, nint bNext, float* c, nint cStride, nint cNext, bool accumulate)
    {
        Vector128<float> l0, l1, l2, l3;
        Vector128<float> r0, r1, r2, r3;
        if (accumulate)
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
        for (int block = 0; block < blocks; block++, factors += aBlockStride)
        {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float factor, Vector128<float> left, Vector128<float> right, ref Vector128<float> leftSum, ref Vector128<float> rightSum)
    {
        Vector128<float> factors = Vector128.Create(factor);
        leftSum = Vector128.MultiplyAddEstimate(factors, left, leftSum);
        rightSum = Vector128.MultiplyAddEstimate(factors, right, rightSum);
    }
}
