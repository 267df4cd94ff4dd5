namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>The headline: what each scheme, mask and encoder gains over none, with intervals and every seed.</summary>
internal sealed class EffectPlot() : DifferencePlot(
    "effect", "Gain in accuracy over the model without positions", "schemes against none of the same mask, others against none", [ComparisonQuestion.Positions, ComparisonQuestion.Mask, ComparisonQuestion.Encoder])
{
    /// <inheritdoc/>
    protected override AblationVariant Shown(VariantComparison comparison) => comparison.First;
}

/// <summary>The headline of a pretrained encoder: what ordered has over each other variant, with intervals and every seed.</summary>
internal sealed class WorthPlot() : DifferencePlot(
    "worth", "What ordered has over each other variant", "above: worth of order and of pretrained positions; \"at test\": dependence", [ComparisonQuestion.Order, ComparisonQuestion.PretrainedPositions, ComparisonQuestion.Dependence])
{
    /// <inheritdoc/>
    protected override AblationVariant Shown(VariantComparison comparison) => comparison.Second;
}

/// <summary>The report's comparisons of some questions as a forest plot.</summary>
/// <param name="id">Unique among figures.</param>
/// <param name="title">What it is.</param>
/// <param name="note">What stands below.</param>
/// <param name="questions">The comparisons that it shows.</param>
internal abstract class DifferencePlot(string id, string title, string note, IReadOnlyList<ComparisonQuestion> questions) : ReportFigure(id, title)
{
    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        var rows = Rows(report);
        return rows.Count == 0 ? null : new ForestPlot(report.Plan.EquivalenceMargin, report.Plan.ConfidenceLevel, note).Draw(Id, Title, rows);
    }

    /// <summary>A row for each comparison.</summary>
    public IReadOnlyList<ForestPlot.Row> Rows(OrderingAblationReport report) =>
        [.. report.Comparisons.Where(comparison => questions.Contains(comparison.Question)).Select(comparison => new ForestPlot.Row(Shown(comparison).Name, SeriesStyle.Of(Shown(comparison)), comparison, Scheme.Of(Shown(comparison))))];

    /// <summary>The variant whose row it is.</summary>
    protected abstract AblationVariant Shown(VariantComparison comparison);
}
