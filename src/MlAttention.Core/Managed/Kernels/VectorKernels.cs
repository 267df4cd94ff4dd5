using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Kernels;

/// <summary>Products of one token's vector, whose features lie in the lanes. Where a token lies in each lane, seven of eight would be idle for a single one.</summary>
internal static unsafe class VectorKernels<T> where T : struct, ILanes<T>
{
    /// <summary>y = W x + b, with W as it is stored: [tile of inputs][output][N inputs].</summary>
    /// <param name="weight">The stored weights.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="outputs">A multiple of N.</param>
    /// <param name="inputs">A multiple of N.</param>
    /// <param name="x">[inputs].</param>
    /// <param name="y">[outputs].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* weight, float* bias, int outputs, int inputs, float* x, float* y)
    {
        int n = T.Count;
        nint tile = (nint)outputs * n;
        for (int output = 0; output < outputs; output += 4, weight += 4 * n)
        {
            T first = T.Create(0), second = first, third = first, fourth = first;
            float* w = weight;
            for (int input = 0; input < inputs; input += n, w += tile)
            {
                T value = T.Load(x + input);
                first = T.MultiplyAdd(T.Load(w), value, first);
                second = T.MultiplyAdd(T.Load(w + n), value, second);
                third = T.MultiplyAdd(T.Load(w + 2 * n), value, third);
                fourth = T.MultiplyAdd(T.Load(w + 3 * n), value, fourth);
            }
            y[output] = T.Sum(first) + bias[output];
            y[output + 1] = T.Sum(second) + bias[output + 1];
            y[output + 2] = T.Sum(third) + bias[output + 2];
            y[output + 3] = T.Sum(fourth) + bias[output + 3];
        }
    }

    /// <summary>scores[block * N + lane] = sum over features of query[feature] keys[block][feature][lane].</summary>
    /// <param name="keys">Blocks of N keys, a key in each lane.</param>
    /// <param name="blockStride">From block to block, in floats.</param>
    /// <param name="featureStride">From feature to feature, in floats.</param>
    /// <param name="depth">Number of features.</param>
    /// <param name="query">[depth].</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="scores">[blocks * N].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scores(float* keys, nint blockStride, nint featureStride, int depth, float* query, int blocks, float* scores)
    {
        for (int block = 0; block < blocks; block++, keys += blockStride, scores += T.Count)
        {
            T even = T.Create(0), odd = even;
            float* key = keys;
            int feature = 0;
            for (; feature + 1 < depth; feature += 2, key += 2 * featureStride)
            {
                even = T.MultiplyAdd(T.Load(key), T.Create(query[feature]), even);
                odd = T.MultiplyAdd(T.Load(key + featureStride), T.Create(query[feature + 1]), odd);
            }
            if (feature < depth) even = T.MultiplyAdd(T.Load(key), T.Create(query[feature]), even);
            T.Store(even + odd, scores);
        }
    }

    /// <summary>sum += sum over j of weights[j] rows[j].</summary>
    /// <param name="rows">[count], <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">From row to row, in floats.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="weights">[count].</param>
    /// <param name="width">A multiple of N.</param>
    /// <param name="sum">[width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRows(float* rows, nint stride, int count, float* weights, int width, float* sum)
    {
        for (int feature = 0; feature < width; feature += T.Count)
        {
            T even = T.Load(sum + feature), odd = T.Create(0);
            float* row = rows + feature;
            int j = 0;
            for (; j + 1 < count; j += 2, row += 2 * stride)
            {
                even = T.MultiplyAdd(T.Load(row), T.Create(weights[j]), even);
                odd = T.MultiplyAdd(T.Load(row + stride), T.Create(weights[j + 1]), odd);
            }
            if (j < count) even = T.MultiplyAdd(T.Load(row), T.Create(weights[j]), even);
            T.Store(even + odd, sum + feature);
        }
    }

    /// <summary>y = gain (x - mean) / sqrt(variance + epsilon) + bias, and 0 behind the width.</summary>
    /// <param name="norm">The norm; what it keeps for a backward pass is not written.</param>
    /// <param name="x">[paddedWidth].</param>
    /// <param name="y">[paddedWidth]; may be <paramref name="x"/>.</param>
    public static void Norm(in LayerNorm norm, float* x, float* y)
    {
        int width = norm.Width;
        Span<float> source = new(x, width), target = new(y, width);
        TensorPrimitives.Subtract(source, TensorPrimitives.Sum<float>(source) / width, target);
        float inverse = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(target) / width + norm.Epsilon);
        TensorPrimitives.Multiply(target, inverse, target);
        TensorPrimitives.MultiplyAdd(target, new ReadOnlySpan<float>(norm.Gain, width), new ReadOnlySpan<float>(norm.Bias, width), target);
        new Span<float>(y + width, norm.PaddedWidth - width).Clear();
    }
}
