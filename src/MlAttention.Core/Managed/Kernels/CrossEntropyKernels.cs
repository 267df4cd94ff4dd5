namespace MlAttention.Core.Managed.Kernels;

/// <summary>Softmax and cross entropy over a vocabulary, for N places at once: logits [rows][N], row i the token with id i, lane j place j.</summary>
/// <remarks>
/// loss = log sum exp(x) - (1 - s) x[label] - s mean(x); dx = factor (softmax(x) - target), target = (1 - s) onehot(label) + s / C, as
/// the objectives have it for one vector.
/// </remarks>
internal static unsafe class CrossEntropyKernels<T> where T : struct, ILanes<T>
{
    /// <summary>Below every logit: such a row gets probability 0.</summary>
    private const float Lowest = -1e30f;

    /// <summary>Rows whose exponentials are added up before they join the sum of all, so that a sum of many small numbers stays exact.</summary>
    private const int GroupedRows = 256;

    /// <summary>The logits become their gradient; rows that are no class get none.</summary>
    /// <param name="logits">[rows][N].</param>
    /// <param name="rows">Rows, a multiple of N.</param>
    /// <param name="first">The row of class 0.</param>
    /// <param name="classes">Number of classes C.</param>
    /// <param name="labels">The class of each lane; any in lanes without a place.</param>
    /// <param name="factors">The factor of each lane; 0 in lanes without a place.</param>
    /// <param name="smoothing">The part s of a label's probability that is spread evenly.</param>
    /// <param name="losses">Receives the loss of each lane, without the factor.</param>
    public static void Backward(float* logits, int rows, int first, int classes, ReadOnlySpan<int> labels, ReadOnlySpan<float> factors, double smoothing, Span<float> losses)
    {
        int n = T.Count;
        float* classRows = logits + (nint)first * n;
        new Span<float>(logits, first * n).Fill(Lowest);
        new Span<float>(classRows + (nint)classes * n, (rows - first - classes) * n).Fill(Lowest);

        // 1. What the loss takes of the logits themselves: (1 - s) x[label] + s mean(x).
        T mean = smoothing > 0 ? Mean(classRows, classes) : T.Create(0);
        for (int lane = 0; lane < n; lane++) losses[lane] = (float)(1 - smoothing) * classRows[(nint)labels[lane] * n + lane];

        // 2. The exponentials and their sum.
        T largest = SoftmaxKernels<T>.Largest(logits, rows), sum = T.Create(0);
        for (int row = 0; row < rows; row += GroupedRows)
            sum += SoftmaxKernels<T>.Exponentials(logits + (nint)row * n, Math.Min(GroupedRows, rows - row), largest);

        // 3. Loss and gradient.
        float* lanes = stackalloc float[4 * n], sums = lanes + n, means = lanes + 2 * n, factor = lanes + 3 * n;
        T.Store(largest, lanes);
        T.Store(sum, sums);
        T.Store(mean, means);
        factors[..n].CopyTo(new Span<float>(factor, n));
        for (int lane = 0; lane < n; lane++) losses[lane] = (float)(lanes[lane] + Math.Log(sums[lane]) - losses[lane] - smoothing * means[lane]);
        Subtract(logits, rows, T.Load(factor) / sum, T.Create(0));
        if (smoothing > 0) Subtract(classRows, classes, T.Create(1), T.Load(factor) * T.Create((float)(smoothing / classes)));
        for (int lane = 0; lane < n; lane++) classRows[(nint)labels[lane] * n + lane] -= factor[lane] * (float)(1 - smoothing);
    }

    private static T Mean(float* x, int rows)
    {
        T sum = T.Create(0);
        for (int row = 0; row < rows; row++) sum += T.Load(x + (nint)row * T.Count);
        return sum / T.Create(rows);
    }

    /// <summary>x := scale x - part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(float* x, int rows, T scale, T part)
    {
        for (float* end = x + (nint)rows * T.Count; x < end; x += T.Count) T.Store(T.Load(x) * scale - part, x);
    }
}
