namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Attention weights of one scheme with the tokens of the first text on the axes: the head that looks furthest from evenly.</summary>
internal sealed class AttentionHeatMap(PositionScheme scheme) : ReportFigure($"attention-{scheme}".ToLowerInvariant(), $"What attention looks at: {VariantNames.Of(scheme)}")
{
    private const int Width = 420, LabelWidth = 86;

    /// <summary>Whose attention it shows.</summary>
    public PositionScheme Scheme => scheme;

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        var pattern = report.AttentionStudy?.Patterns.FirstOrDefault(candidate => candidate.Positions == scheme && candidate.Heads.Count > 0 && candidate.Tokens.Count > 0);
        return pattern is null ? null : Draw(Id, Title, pattern with { Tokens = pattern.Words }, pattern.Heads.MinBy(head => head.Entropy)!);
    }

    /// <summary>One head as a figure of its own.</summary>
    public static string DrawHead(AttentionPattern pattern, AttentionHead head) =>
        Draw(Invariant($"head-{head.Layer}-{head.Head}"), Invariant($"Layer {head.Layer + 1}, head {head.Head + 1}"), pattern with { Tokens = pattern.Words }, head);

    private static string Draw(string id, string title, AttentionPattern pattern, AttentionHead head)
    {
        int length = pattern.Tokens.Count;
        double cell = Math.Min(16, (Width - LabelWidth - 10.0) / length);
        var svg = new SvgWriter(Width, (int)(LabelWidth + cell * length) + 10);
        svg.Text(4, 14, Invariant($"layer {head.Layer + 1}, head {head.Head + 1}"), "label");
        for (int row = 0; row < length; row++)
        {
            svg.Text(LabelWidth - 5, LabelWidth + (row + 0.75) * cell, Short(pattern.Tokens[row]), "small", "end");
            svg.Text(LabelWidth + (row + 0.7) * cell, LabelWidth - 5, Short(pattern.Tokens[row]), "small", "start", -60);
            for (int column = 0; column < length; column++)
            {
                double weight = head.Weights[row * length + column];
                svg.Cell(LabelWidth + column * cell, LabelWidth + row * cell, cell - 0.5, cell - 0.5, "f0", Math.Round(weight, 3), $"{pattern.Tokens[row]} to {pattern.Tokens[column]}: {Percent(weight)}");
            }
        }
        return svg.ToSvg(id, title, $"Attention weights over the text \"{string.Join(' ', pattern.Tokens)}\": {Describe(pattern, head)}.");
    }

    private static string Describe(AttentionPattern pattern, AttentionHead head) =>
        $"with {VariantNames.Of(pattern.Positions)} positions, layer {head.Layer + 1} head {head.Head + 1} puts {Percent(head.DiagonalShare)} on the token itself and {Percent(head.PreviousShare)} on the one before";

    private static string Short(string token) => token.Length <= 12 ? token : token[..11] + "…";
}
