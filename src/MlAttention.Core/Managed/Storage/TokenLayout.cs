namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// The layout of activations: blocks of N tokens, in each block the features one behind the other, in each feature N lanes, one
/// a token: [block][feature][lane]. A sum over features is then a sum of vectors, and softmax and layer norm need no shuffles.
/// The tokens of a batch lie packed, whatever sequence they belong to; attention takes a sequence out, aligned to lane 0.
/// </summary>
internal static unsafe class TokenLayout<T> where T : struct, ILanes<T>
{
    /// <summary>Blocks that hold a number of tokens.</summary>
    public static int Blocks(int tokens) => (tokens + T.Count - 1) / T.Count;

    /// <summary>The next multiple of N.</summary>
    public static int Pad(int width) => Blocks(width) * T.Count;

    /// <summary>Features [from, from + width) of a sequence, lane 0 = its first token; lanes behind its last token become 0.</summary>
    /// <param name="source">The packed blocks, of <paramref name="sourceWidth"/> features.</param>
    /// <param name="sourceWidth">Features of a block.</param>
    /// <param name="from">First feature.</param>
    /// <param name="width">Number of features.</param>
    /// <param name="start">The sequence's first token.</param>
    /// <param name="length">The sequence's tokens.</param>
    /// <param name="target">Blocks of <paramref name="width"/> features.</param>
    public static void Extract(float* source, int sourceWidth, int from, int width, int start, int length, float* target)
    {
        int n = T.Count, shift = start % n, last = Blocks(start + length) - 1;
        for (int block = 0; block * n < length; block++)
        {
            int left = start / n + block;
            float* low = source + ((nint)left * sourceWidth + from) * n;
            float* high = source + ((nint)Math.Min(left + 1, last) * sourceWidth + from) * n;
            float* to = target + (nint)block * width * n;
            T inside = T.GreaterThan(T.Create(length - block * n), T.Index), fromLow = T.GreaterThan(T.Create(n - shift), T.Index);
            for (int feature = 0; feature < width; feature++, low += n, high += n, to += n)
            {
                T value = T.Load(low);
                if (shift != 0) value = T.Select(fromLow, T.Load(low + shift), T.Load(high + shift - n));
                T.Store(T.Select(inside, value, T.Create(0)), to);
            }
        }
    }

    /// <summary>The inverse of <see cref="Extract"/>: writes a sequence's lanes and leaves the lanes of other sequences as they are.</summary>
    public static void Insert(float* source, int width, float* target, int targetWidth, int from, int start, int length)
    {
        int n = T.Count, shift = start % n;
        for (int block = 0; block * n < length; block++)
        {
            int left = start / n + block, count = Math.Min(n, length - block * n);
            float* read = source + (nint)block * width * n;
            float* low = target + ((nint)left * targetWidth + from) * n;
            float* high = low + (nint)targetWidth * n;
            T toLow = T.Select(T.GreaterThan(T.Create(shift), T.Index), T.Create(0), T.GreaterThan(T.Create(shift + count), T.Index));
            T toHigh = T.GreaterThan(T.Create(shift + count - n), T.Index);
            bool crosses = shift + count > n;
            for (int feature = 0; feature < width; feature++, read += n, low += n, high += n)
            {
                T.Store(T.Select(toLow, T.Load(read - shift), T.Load(low)), low);
                if (crosses) T.Store(T.Select(toHigh, T.Load(read + n - shift), T.Load(high)), high);
            }
        }
    }

    /// <summary>Blocks to rows: token t becomes a row of <paramref name="width"/> features. The width is a multiple of N.</summary>
    public static void ToRows(float* blocks, int count, int width, float* rows)
    {
        int n = T.Count;
        for (int block = 0; block < count; block++)
            for (int feature = 0; feature < width; feature += n)
                T.Transpose(blocks + ((nint)block * width + feature) * n, n, rows + (nint)block * n * width + feature, width);
    }

    /// <summary>Blocks to panels of N features: [feature / N][token][N].</summary>
    public static void ToPanels(float* blocks, int count, int width, float* panels)
    {
        int n = T.Count;
        for (int feature = 0; feature < width; feature += n)
            for (int block = 0; block < count; block++, panels += n * n)
                T.Transpose(blocks + ((nint)block * width + feature) * n, n, panels, n);
    }

    /// <summary>Rows to blocks, the inverse of <see cref="ToRows"/>.</summary>
    public static void FromRows(float* rows, int count, int width, float* blocks)
    {
        int n = T.Count;
        for (int block = 0; block < count; block++)
            for (int feature = 0; feature < width; feature += n)
                T.Transpose(rows + (nint)block * n * width + feature, width, blocks + ((nint)block * width + feature) * n, n);
    }
}
