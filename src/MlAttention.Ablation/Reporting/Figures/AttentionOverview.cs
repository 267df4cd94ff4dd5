using System.Text;

namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Small heat maps of all heads of a layer, for texts and models too large for a figure a head: means over blocks of tokens, without the tokens.</summary>
internal static class AttentionOverview
{
    private const int MostCells = 12_000, MostBlocks = 48, FewestBlocks = 8, Shades = 8, Columns = 4, Map = 92, Gap = 12, Heading = 18;

    /// <summary>One figure a layer.</summary>
    public static IEnumerable<string> Draw(AttentionPattern pattern)
    {
        int length = pattern.Tokens.Count, blocks = Math.Min(length, Math.Clamp((int)Math.Sqrt(MostCells / (double)pattern.Heads.Count), FewestBlocks, MostBlocks));
        return pattern.Heads.GroupBy(head => head.Layer).Select(layer => Draw(layer.Key, [.. layer], length, blocks));
    }

    private static string Draw(int layer, AttentionHead[] heads, int length, int blocks)
    {
        int rows = (heads.Length + Columns - 1) / Columns, width = Columns * (Map + Gap) + Gap;
        var svg = new SvgWriter(width, rows * (Map + Heading + Gap) + Gap + Heading);
        for (int index = 0; index < heads.Length; index++)
        {
            double left = Gap + index % Columns * (Map + Gap), top = Gap + index / Columns * (Map + Heading + Gap);
            double[] means = Means(heads[index], length, blocks);
            double largest = means.Max();
            svg.Text(left, top + 8, Invariant($"head {heads[index].Head + 1}, to {Percent(largest)}"), "small").Rectangle(left, top + Heading, Map, Map, "h7");
            foreach (var shade in Enumerable.Range(0, means.Length).GroupBy(cell => largest == 0 ? 0 : (int)Math.Round(Shades * means[cell] / largest)).Where(shade => shade.Key > 0).OrderBy(shade => shade.Key))
                svg.Area(left, top + Heading, Map / (double)blocks, Path([.. shade], blocks), "f0", shade.Key / (double)Shades);
        }
        string what = length == blocks ? Invariant($"{length} tokens") : Invariant($"{length} tokens in {blocks} blocks, whose means are shown");
        svg.Text(Gap, rows * (Map + Heading + Gap) + Gap + 10, $"rows look at columns, first token top left; {what}", "small");
        return svg.ToSvg(Invariant($"layer-{layer + 1}"), Invariant($"Layer {layer + 1}, all heads"), $"Attention weights of {Counted(heads.Length, "head")} over {what}. On the token itself: {List([.. heads.Select(head => $"head {head.Head + 1} {Percent(head.DiagonalShare)}")])}.");
    }

    private static double[] Means(AttentionHead head, int length, int blocks)
    {
        double[] sums = new double[blocks * blocks];
        int[] counts = new int[blocks * blocks];
        for (int row = 0; row < length; row++)
            for (int column = 0; column < length; column++)
            {
                int block = row * blocks / length * blocks + column * blocks / length;
                sums[block] += head.Weights[row * length + column];
                counts[block]++;
            }
        return [.. sums.Zip(counts, (sum, count) => sum / count)];
    }

    /// <summary>Cells of one shade, neighbours in a row as one.</summary>
    private static string Path(int[] cells, int blocks)
    {
        var path = new StringBuilder();
        for (int first = 0, last = 0; first < cells.Length; first = ++last)
        {
            while (last + 1 < cells.Length && cells[last + 1] == cells[last] + 1 && cells[last + 1] % blocks != 0) last++;
            path.Append(Invariant($"M{cells[first] % blocks} {cells[first] / blocks}h{last - first + 1}v1h-{last - first + 1}z"));
        }
        return path.ToString();
    }
}
