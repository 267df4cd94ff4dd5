using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlAttention.Engines.Managed.Lanes;

/// <summary>Products of two tiles side by side: they share what is broadcast, so that the loads keep up with two multiply-adds a cycle.</summary>
internal readonly unsafe partial struct Lanes512
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTilePair(int depth, float* a, nint aStride, float* b, nint bNext, float* c, nint cNext, float* bias, bool accumulate)
    {
        for (int half = 0; half < 16; half += 8, a += 8, c += 128, bias += bias == null ? 0 : 8)
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
            float* factors = a, row = b;
            for (int k = 0; k < depth; k += 2, factors += 2 * aStride, row += 32)
            {
                Vector512<float> left = Vector512.Load(row), right = Vector512.Load(row + bNext);
                Add(factors[0], left, right, ref l0, ref r0); Add(factors[1], left, right, ref l1, ref r1);
                Add(factors[2], left, right, ref l2, ref r2); Add(factors[3], left, right, ref l3, ref r3);
                Add(factors[4], left, right, ref l4, ref r4); Add(factors[5], left, right, ref l5, ref r5);
                Add(factors[6], left, right, ref l6, ref r6); Add(factors[7], left, right, ref l7, ref r7);
                float* next = factors + aStride;
                left = Vector512.Load(row + 16);
                right = Vector512.Load(row + 16 + bNext);
                Add(next[0], left, right, ref l0, ref r0); Add(next[1], left, right, ref l1, ref r1);
                Add(next[2], left, right, ref l2, ref r2); Add(next[3], left, right, ref l3, ref r3);
                Add(next[4], left, right, ref l4, ref r4); Add(next[5], left, right, ref l5, ref r5);
                Add(next[6], left, right, ref l6, ref r6); Add(next[7], left, right, ref l7, ref r7);
            }
            l0.Store(c); r0.Store(c + cNext); l1.Store(c + 16); r1.Store(c + cNext + 16);
            l2.Store(c + 32); r2.Store(c + cNext + 32); l3.Store(c + 48); r3.Store(c + cNext + 48);
            l4.Store(c + 64); r4.Store(c + cNext + 64); l5.Store(c + 80); r5.Store(c + cNext + 80);
            l6.Store(c + 96); r6.Store(c + cNext + 96); l7.Store(c + 112); r7.Store(c + cNext + 112);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateTokensPair(int blocks, float* a, nint aBlockStride, float* b, nint bStride, nint bNext, float* c, nint cStride, nint cNext, bool accumulate)
    {
        for (int half = 0; half < 16; half += 8, a += 128, c += 8 * cStride)
        {
            Vector512<float> l0, l1, l2, l3, l4, l5, l6, l7;
            Vector512<float> r0, r1, r2, r3, r4, r5, r6, r7;
            if (accumulate)
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
            float* factors = a, row = b;
            for (int block = 0; block < blocks; block++, factors += aBlockStride)
            {
                for (int k = 0; k < 16; k += 2, row += 2 * bStride)
                {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float factor, Vector512<float> left, Vector512<float> right, ref Vector512<float> leftSum, ref Vector512<float> rightSum)
    {
        Vector512<float> factors = Vector512.Create(factor);
        leftSum = Vector512.MultiplyAddEstimate(factors, left, leftSum);
        rightSum = Vector512.MultiplyAddEstimate(factors, right, rightSum);
    }
}
