using System.Text;

namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Small heat maps of all heads of a layer, for texts and models too large for a figure a head: by blocks of tokens, without the tokens.</summary>
internal static class AttentionOverview
{
    private const int MostCells = 12_000, MostBlocks = 48, FewestBlocks = 8, Shades = 8, Columns = 4, Map = 92, Gap = 12, Heading = 18;

    /// <summary>One figure a layer.</summary>
    public static IEnumerable<string> Draw(AttentionPattern pattern)
    {
        int most = Math.Clamp((int)Math.Sqrt(MostCells / (double)pattern.Heads.Count), FewestBlocks, MostBlocks);
        return pattern.Heads.GroupBy(head => head.Layer).Select(layer => Draw(layer.Key, [.. layer], pattern.Tokens.Count, most));
    }

    private static string Draw(int layer, AttentionHead[] heads, int length, int most)
    {
        int rows = (heads.Length + Columns - 1) / Columns, width = Columns * (Map + Gap) + Gap;
        var svg = new SvgWriter(width, rows * (Map + Heading + Gap) + Gap + Heading);
        AttentionBlocks[] maps = [.. heads.Select(head => AttentionBlocks.Of(head, length, most))];
        int count = maps[0].Count;
        for (int index = 0; index < heads.Length; index++)
        {
            double left = Gap + index % Columns * (Map + Gap), top = Gap + index / Columns * (Map + Heading + Gap);
            double[] shares = maps[index].Shares;
            double largest = maps[index].Largest;
            svg.Text(left, top + 8, Invariant($"head {heads[index].Head + 1}, to {Percent(largest)}"), "small").Rectangle(left, top + Heading, Map, Map, "h7");
            foreach (var shade in Enumerable.Range(0, shares.Length).GroupBy(cell => (int)Math.Round(Shades * shares[cell] / largest)).Where(shade => shade.Key > 0).OrderBy(shade => shade.Key))
                svg.Area(left, top + Heading, Map / (double)count, Path([.. shade], count), "f0", shade.Key / (double)Shades);
        }
        string what = maps[0].Size == 1 ? Invariant($"{length} tokens") : Invariant($"{length} tokens by {maps[0].Size}, what a token gives to {maps[0].Size} others");
        svg.Text(Gap, rows * (Map + Heading + Gap) + Gap + 10, $"rows look at columns, first token top left; {what}", "small");
        return svg.ToSvg(Invariant($"layer-{layer + 1}"), Invariant($"Layer {layer + 1}, all heads"), $"Attention weights of {Counted(heads.Length, "head")} over {what}. On the token itself: {List([.. heads.Select(head => $"head {head.Head + 1} {Percent(head.DiagonalShare)}")])}.");
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
