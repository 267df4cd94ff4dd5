namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>A head's weights over blocks of neighbouring tokens, so that a long text fits into a picture.</summary>
/// <param name="Size">Tokens of a block; the last one may be shorter.</param>
/// <param name="Count">Blocks of the text.</param>
/// <param name="Shares">[Count,Count] row-major: of the attention of a token of the row's block, what falls on the column's block, on average. Of single tokens the weights themselves.</param>
internal sealed record AttentionBlocks(int Size, int Count, double[] Shares)
{
    /// <summary>The smallest blocks of which there are not too many.</summary>
    /// <param name="head">The head.</param>
    /// <param name="length">Tokens of the text.</param>
    /// <param name="most">Blocks that fit.</param>
    public static AttentionBlocks Of(AttentionHead head, int length, int most)
    {
        int size = (length + most - 1) / most, count = (length + size - 1) / size;
        double[] shares = new double[count * count];
        for (int query = 0; query < length; query++)
        {
            int block = query / size, queries = Math.Min(size, length - block * size);
            for (int key = 0; key < length; key++) shares[block * count + key / size] += head.Weights[query * length + key] / queries;
        }
        return new(size, count, shares);
    }

    /// <summary>The largest share.</summary>
    public double Largest => Shares.Max();

    /// <summary>What a block is, for example "3 card" or, of several tokens, "9–12".</summary>
    public string Name(int block, IReadOnlyList<string> tokens)
    {
        int first = FirstToken(block), last = Math.Min(tokens.Count, (block + 1) * Size);
        return Size == 1 ? Invariant($"{first} {tokens[block]}") : first == last ? Invariant($"{first}") : Invariant($"{first}–{last}");
    }

    /// <summary>The number of a block's first token, from 1.</summary>
    public int FirstToken(int block) => block * Size + 1;
}
