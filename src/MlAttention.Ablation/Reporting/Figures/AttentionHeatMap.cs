namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Attention weights of one scheme with the tokens of the first text on the axes: the head that looks furthest from evenly.</summary>
internal sealed class AttentionHeatMap(PositionScheme scheme) : ReportFigure($"attention-{scheme}".ToLowerInvariant(), $"What attention looks at: {VariantNames.Of(scheme)}")
{
    private const int LeastWidth = 420, Left = 106, LabelRoom = 86, TitleHeight = 18, Right = 12, MostBlocks = 64, MostLetters = 14;
    private const double SmallestCell = 11, LargestCell = 26;

    /// <summary>Whose attention it shows.</summary>
    public PositionScheme Positions => scheme;

    /// <inheritdoc/>
    public override Scheme? Scheme => Figures.Scheme.Of(scheme);

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        var pattern = report.AttentionStudy?.Patterns.FirstOrDefault(candidate => candidate.Positions == scheme && candidate.Heads.Count > 0 && candidate.Tokens.Count > 0);
        return pattern is null ? null : Draw(Id, Title, pattern with { Tokens = pattern.Words }, pattern.Heads.MinBy(head => head.Entropy)!);
    }

    /// <summary>One head as a figure of its own.</summary>
    /// <param name="pattern">The weights' tokens.</param>
    /// <param name="head">The head.</param>
    /// <param name="isTitled">Whether the title stands in the figure, not beside it.</param>
    public static string DrawHead(AttentionPattern pattern, AttentionHead head, bool isTitled = true) =>
        Draw(Invariant($"head-{head.Layer}-{head.Head}"), Invariant($"Layer {head.Layer + 1}, head {head.Head + 1}"), pattern with { Tokens = pattern.Words }, head, isTitled);

    private static string Draw(string id, string title, AttentionPattern pattern, AttentionHead head, bool isTitled = true)
    {
        int columnName = 14 + (isTitled ? TitleHeight : 0), top = columnName + LabelRoom;
        var blocks = AttentionBlocks.Of(head, pattern.Tokens.Count, MostBlocks);
        int count = blocks.Count;
        double cell = Math.Clamp((double)(LeastWidth - Left - Right) / count, SmallestCell, LargestCell), largest = blocks.Largest, bottom = top + cell * count;
        var svg = new SvgWriter(Math.Max(LeastWidth, (int)Math.Ceiling(Left + cell * count) + Right), (int)bottom + 52);
        if (isTitled) svg.Text(4, 14, Invariant($"Layer {head.Layer + 1}, head {head.Head + 1}"), "heading");
        svg.Text(Left, columnName, "to: key →", "small").Text(14, top + 4, "from: query", "small", "end", -90);
        for (int row = 0; row < count; row++)
        {
            string name = Short(blocks.Name(row, pattern.Tokens));
            svg.Text(Left - 5, top + (row + 0.75) * cell, name, "small", "end").Text(Left + (row + 0.7) * cell, top - 5, name, "small", "start", -60);
            for (int column = 0; column < count; column++)
            {
                double share = blocks.Shares[row * count + column];
                svg.Cell(Left + column * cell, top + row * cell, cell - 0.5, cell - 0.5, "f0", Math.Round(share / largest, 3), $"{blocks.Name(row, pattern.Tokens)} to {blocks.Name(column, pattern.Tokens)}: {Percent(share)}");
            }
        }
        new HeatCells(largest).DrawBar(svg, Left, bottom + 12, isSigned: false, share => Percent(share));
        if (blocks.Size > 1) svg.Text(Left, bottom + 48, Invariant($"tokens by {blocks.Size}: share of a token's attention, mean of the row"), "small");
        return svg.ToSvg(id, title, $"Attention weights over the text \"{string.Join(' ', pattern.Tokens)}\": {Describe(pattern, head)}.");
    }

    private static string Describe(AttentionPattern pattern, AttentionHead head) =>
        $"with {VariantNames.Of(pattern.Positions)} positions, layer {head.Layer + 1} head {head.Head + 1} puts {Percent(head.DiagonalShare)} on the token itself and {Percent(head.PreviousShare)} on the one before";

    private static string Short(string token) => token.Length <= MostLetters ? token : token[..(MostLetters - 1)] + "…";
}
