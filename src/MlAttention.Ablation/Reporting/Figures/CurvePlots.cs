namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Dev accuracy by epoch, averaged over the seeds that reached the epoch.</summary>
internal sealed class LearningCurvePlot() : ReportFigure("learning", "Learning curves of attention")
{
    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        LinePlot.Curve[] curves =
        [
            .. report.Variants.Where(result => Shows(result.Variant, report.Plan)).Select(result => new LinePlot.Curve(result.Variant.Name, Points(result), SeriesStyle.Of(result.Variant), Scheme.Of(result.Variant))).Where(curve => curve.Points.Count > 0),
        ];
        string last = string.Join("; ", curves.Select(curve => $"{curve.Name} {Percent(curve.Points[^1].Y)} after {curve.Points[^1].X} epochs"));
        return new LinePlot("epoch", "dev accuracy", report.Data.Chance).Draw(this, $"Dev accuracy after the last common epoch: {last}.", curves);
    }

    // More curves than colours could not be told apart: every scheme with the first mask, and none with the others.
    private static bool Shows(AblationVariant variant, AblationPlan plan) =>
        variant is { Encoder: EncoderKind.Attention, Shuffling: TokenShuffling.None, ClipDistance: null } && (variant.Mask == plan.Masks[0] || variant.Positions == PositionScheme.None);

    private static (double X, double Y)[] Points(VariantResult result) =>
    [
        .. result.Curves.SelectMany(curve => curve.Epochs).Where(epoch => epoch.DevAccuracy is not null).GroupBy(epoch => epoch.Epoch).OrderBy(epoch => epoch.Key)
            .Select(epoch => ((double)epoch.Key, epoch.Average(record => record.DevAccuracy!.Value))),
    ];
}

/// <summary>Accuracy by length of the test text.</summary>
internal sealed class LengthPlot() : AccuracyByLengthPlot("length", "Accuracy by length of the text")
{
    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report) => Draw(
        report.Data.Chance,
        trainedLength: null,
        report.Variants.Where(result => result.Lengths.Count > 1 && result.Variant.Mask == report.Plan.Masks[0] && result.Variant is { Encoder: EncoderKind.Attention, ClipDistance: null })
            .Select(result => (result.Variant.Name, SeriesStyle.Of(result.Variant), Scheme.Of(result.Variant), result.Lengths)));
}

/// <summary>Accuracy on texts longer than any in training, where that was studied: on a made task, not on the report's data.</summary>
internal sealed class BeyondTrainedLengthPlot() : AccuracyByLengthPlot("beyond-length", "Beyond the trained length (made task)")
{
    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report) => report.LengthStudy is { } study
        ? Draw(LengthStudy.Chance, study.TrainedLength, study.Curves.Where(curve => curve.Points.Count > 0).Select(curve => (VariantNames.Of(curve.Positions), SeriesStyle.Of(curve.Positions), Scheme.Of(curve.Positions), curve.Points)))
        : null;
}

/// <summary>Accuracy in bins of lengths.</summary>
internal abstract class AccuracyByLengthPlot(string id, string title) : ReportFigure(id, title)
{
    /// <summary>One curve for each name.</summary>
    protected string? Draw(double chance, int? trainedLength, IEnumerable<(string Name, int Series, Scheme Scheme, IReadOnlyList<LengthScore> Points)> scores)
    {
        LinePlot.Curve[] curves = [.. scores.Select(curve => new LinePlot.Curve(curve.Name, [.. curve.Points.Select(score => ((double)score.Longest, score.Accuracy))], curve.Series, curve.Scheme))];
        string longest = string.Join("; ", curves.Select(curve => $"{curve.Name} {Percent(curve.Points[^1].Y)}"));
        return new LinePlot("longest text of the bin, tokens", "accuracy", chance, trainedLength).Draw(this, $"Accuracy in the bin of the longest texts: {longest}.", curves);
    }
}

/// <summary>Measured time against the length n or the width d, both axes logarithmic, with fitted exponents.</summary>
internal sealed class ComplexityPlot(string varied)
    : ReportFigure($"complexity-{varied}", varied == "n" ? "Time against the length of the text" : "Time against the width of the model")
{
    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report) => report.ComplexityStudy is { } study ? Draw(study) : null;

    /// <summary>The figures of a study on its own.</summary>
    public static IEnumerable<(string Caption, string Svg)> DrawAll(ComplexityStudy study) =>
        new[] { "n", "d" }.Select(varied => new ComplexityPlot(varied)).Select(plot => (plot.Title, Svg: plot.Draw(study))).Where(drawn => drawn.Svg is not null).Select(drawn => (drawn.Title, drawn.Svg!));

    private string? Draw(ComplexityStudy study)
    {
        ComplexitySeries[] series = [.. study.Series.Where(candidate => candidate.Varied == varied)];
        LinePlot.Curve[] curves = [.. series.Select((one, index) => new LinePlot.Curve($"{one.Algorithm}, {(one.IsReliable ? $"{varied}^" : "")}{one.ExponentText}", [.. one.Points.Select(point => ((double)point.Size, point.Milliseconds))], index))];
        string exponents = string.Join("; ", series.Select(one => $"{one.Algorithm} {one.ExponentText}, in theory {one.Theory.TimeExponent}"));
        return new LinePlot(varied == "n" ? "tokens n" : "width d", "ms, one forward pass").Draw(this, $"Fitted exponents of time: {exponents}.", curves);
    }
}
