namespace MlAttention.Ablation.Reporting.Explorer;

/// <summary>
/// The weights of a head as the page carries them: in ten-thousandths, as the report gives them, and of a long text only those of at least some size.
/// </summary>
/// <remarks>
/// The bytes are whole numbers of 7 bits a byte, the lowest first, the eighth bit set where more follow. A row of the weights is the number
/// of its entries and, for each entry, how many columns lie between it and the one before, and its weight less the least that is carried.
/// What is left out is told as a mean: the text is divided into blocks, and a byte for each pair of blocks is the mean weight of what is not
/// carried there, in 255ths of the least.
/// </remarks>
internal static class AttentionWeightStream
{
    /// <summary>Weights are whole numbers of this part of one.</summary>
    public const int Unit = 10_000;

    private const int MostBlocks = 24, OneByte = 128;

    /// <summary>Into how many blocks a text is divided.</summary>
    public static int Blocks(int length) => Math.Min(MostBlocks, length);

    /// <summary>The smallest weight that is carried, in ten-thousandths, so that all heads of a text fit; 1 where nothing is left out.</summary>
    /// <param name="pattern">The text's heads.</param>
    /// <param name="bytes">The room for them.</param>
    public static int Least(AttentionPattern pattern, long bytes)
    {
        int length = pattern.Tokens.Count, blocks = Blocks(length);
        long[] count = new long[Unit + OneByte + 1], atLeast = new long[Unit + OneByte + 1];
        foreach (double weight in pattern.Heads.SelectMany(head => head.Weights)) count[Of(weight)]++;
        for (int weight = Unit; weight > 0; weight--) atLeast[weight] = atLeast[weight + 1] + count[weight];
        // Beside the entries a row has its count and the few steps over 127 columns that it has room for; a head has its blocks.
        long others = pattern.Heads.Count * (length * (2L + length / OneByte) + blocks * blocks);
        int least = Unit + 1;
        while (least > 1 && others + 2 * atLeast[least - 1] + atLeast[Math.Min(least - 1 + OneByte, Unit + 1)] <= bytes) least--;
        return least;
    }

    /// <summary>The weights of at least a size.</summary>
    public static byte[] Encode(AttentionHead head, int length, int least)
    {
        var bytes = new List<byte>();
        for (int row = 0; row < length; row++)
        {
            var weights = head.Weights.AsSpan(row * length, length);
            Append(bytes, Carried(weights, least));
            int next = 0;
            for (int column = 0; column < length; column++)
            {
                if (Of(weights[column]) < least) continue;
                Append(bytes, column - next);
                Append(bytes, Of(weights[column]) - least);
                next = column + 1;
            }
        }
        return [.. bytes];
    }

    /// <summary>The mean of what is not carried in each block, [blocks, blocks].</summary>
    public static byte[] Rest(AttentionHead head, int length, int least)
    {
        int blocks = Blocks(length);
        double[] sums = new double[blocks * blocks];
        int[] counts = new int[blocks * blocks];
        for (int row = 0; row < length; row++)
            for (int column = 0; column < length; column++)
            {
                int weight = Of(head.Weights[row * length + column]), block = row * blocks / length * blocks + column * blocks / length;
                if (weight >= least) continue;
                sums[block] += weight;
                counts[block]++;
            }
        return [.. sums.Zip(counts, (sum, count) => (byte)Math.Round(count == 0 ? 0 : byte.MaxValue * sum / count / least))];
    }

    /// <summary>The share of a head's weight that is carried.</summary>
    public static double Share(AttentionHead head, int least) =>
        head.Weights.Sum(weight => (long)(Of(weight) >= least ? Of(weight) : 0)) / (double)Math.Max(1, head.Weights.Sum(weight => (long)Of(weight)));

    private static int Of(double weight) => (int)Math.Round(weight * Unit);

    private static int Carried(ReadOnlySpan<double> weights, int least)
    {
        int carried = 0;
        foreach (double weight in weights) carried += Of(weight) >= least ? 1 : 0;
        return carried;
    }

    private static void Append(List<byte> bytes, int number)
    {
        for (; number >= OneByte; number >>= 7) bytes.Add((byte)(number | OneByte));
        bytes.Add((byte)number);
    }
}
