namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Measured time against the length n or the width d, both axes logarithmic, with fitted exponents.</summary>
internal sealed class ComplexityPlot(string varied) : IReportFigure
{
    /// <inheritdoc/>
    public string Id => $"complexity-{varied}";

    /// <inheritdoc/>
    public string Title => varied == "n" ? "Time against the length of the text" : "Time against the width of the model";

    /// <inheritdoc/>
    public string? Draw(OrderingAblationReport report) => report.ComplexityStudy is { } study ? Draw(study) : null;

    /// <summary>The figures of a study on its own.</summary>
    public static IEnumerable<string> DrawAll(ComplexityStudy study) => new[] { "n", "d" }.Select(varied => new ComplexityPlot(varied).Draw(study)).OfType<string>();

    private string? Draw(ComplexityStudy study)
    {
        ComplexitySeries[] series = [.. study.Series.Where(candidate => candidate.Varied == varied)];
        if (series.Length == 0) return null;
        LinePlot.Curve[] curves = [.. series.Select(one => new LinePlot.Curve($"{one.Algorithm}, {varied}^{Number(Math.Round(one.TimeExponent, 2))}", [.. one.Points.Select(point => ((double)point.Size, point.Milliseconds))]))];
        var plot = new LinePlot { XAxis = varied == "n" ? "tokens n" : "width d", YAxis = "ms, one forward pass", Logarithmic = true };
        return plot.Draw(Id, Title, $"Fitted exponents of time: {string.Join("; ", series.Select(one => $"{one.Algorithm} {Number(Math.Round(one.TimeExponent, 2))}, in theory {one.Theory.TimeExponent}"))}.", curves);
    }
}
