using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlAttention.Engines.Managed.Lanes;

/// <summary>Products of two tiles side by side: they share what is broadcast, so that the loads keep up with two multiply-adds a cycle.</summary>
internal readonly unsafe partial struct Lanes256
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTilePair(int depth, float* a, nint aStride, float* b, nint bNext, float* c, nint cNext, float* bias, bool accumulate)
    {
        for (int half = 0; half < 8; half += 4, a += 4, c += 32, bias += bias == null ? 0 : 4)
        {
            Vector256<float> l0, l1, l2, l3;
            Vector256<float> r0, r1, r2, r3;
            if (bias != null)
            {
                l0 = r0 = Vector256.Create(bias[0]); l1 = r1 = Vector256.Create(bias[1]); l2 = r2 = Vector256.Create(bias[2]); l3 = r3 = Vector256.Create(bias[3]);
            }
            else if (accumulate)
            {
                l0 = Vector256.Load(c); r0 = Vector256.Load(c + cNext); l1 = Vector256.Load(c + 8); r1 = Vector256.Load(c + cNext + 8);
                l2 = Vector256.Load(c + 16); r2 = Vector256.Load(c + cNext + 16); l3 = Vector256.Load(c + 24); r3 = Vector256.Load(c + cNext + 24);
            }
            else
            {
                l0 = l1 = l2 = l3 = Vector256<float>.Zero;
                r0 = r1 = r2 = r3 = Vector256<float>.Zero;
            }
            float* factors = a, row = b;
            for (int k = 0; k < depth; k += 2, factors += 2 * aStride, row += 16)
            {
                Vector256<float> left = Vector256.Load(row), right = Vector256.Load(row + bNext);
                Add(factors[0], left, right, ref l0, ref r0); Add(factors[1], left, right, ref l1, ref r1);
                Add(factors[2], left, right, ref l2, ref r2); Add(factors[3], left, right, ref l3, ref r3);
                float* next = factors + aStride;
                left = Vector256.Load(row + 8);
                right = Vector256.Load(row + 8 + bNext);
                Add(next[0], left, right, ref l0, ref r0); Add(next[1], left, right, ref l1, ref r1);
                Add(next[2], left, right, ref l2, ref r2); Add(next[3], left, right, ref l3, ref r3);
            }
            l0.Store(c); r0.Store(c + cNext); l1.Store(c + 8); r1.Store(c + cNext + 8);
            l2.Store(c + 16); r2.Store(c + cNext + 16); l3.Store(c + 24); r3.Store(c + cNext + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AccumulateTokensPair(int blocks, float* a, nint aBlockStride, float* b, nint bStride, nint bNext, float* c, nint cStride, nint cNext, bool accumulate)
    {
        for (int half = 0; half < 8; half += 4, a += 32, c += 4 * cStride)
        {
            Vector256<float> l0, l1, l2, l3;
            Vector256<float> r0, r1, r2, r3;
            if (accumulate)
            {
                l0 = Vector256.Load(c); r0 = Vector256.Load(c + cNext); l1 = Vector256.Load(c + 1 * cStride); r1 = Vector256.Load(c + cNext + 1 * cStride);
                l2 = Vector256.Load(c + 2 * cStride); r2 = Vector256.Load(c + cNext + 2 * cStride); l3 = Vector256.Load(c + 3 * cStride); r3 = Vector256.Load(c + cNext + 3 * cStride);
            }
            else
            {
                l0 = l1 = l2 = l3 = Vector256<float>.Zero;
                r0 = r1 = r2 = r3 = Vector256<float>.Zero;
            }
            float* factors = a, row = b;
            for (int block = 0; block < blocks; block++, factors += aBlockStride)
            {
                for (int k = 0; k < 8; k += 2, row += 2 * bStride)
                {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float factor, Vector256<float> left, Vector256<float> right, ref Vector256<float> leftSum, ref Vector256<float> rightSum)
    {
        Vector256<float> factors = Vector256.Create(factor);
        leftSum = Vector256.MultiplyAddEstimate(factors, left, leftSum);
        rightSum = Vector256.MultiplyAddEstimate(factors, right, rightSum);
    }
}
