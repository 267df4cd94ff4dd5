namespace MlAttention.Cli.Output;

/// <summary>How well a model of another task than one label does: a headline, a table and JSON.</summary>
/// <param name="Headline">The figures in a line.</param>
/// <param name="Table">The figures of each label; null where there are no labels.</param>
/// <param name="Json">All figures, for other programs.</param>
internal sealed record TaskReport(string Headline, ReportTable? Table, string Json)
{
    /// <summary>Measures scored rows.</summary>
    /// <param name="scored">Rows with the columns Label, Score and PredictedLabel.</param>
    /// <param name="task">What the model is asked for.</param>
    /// <exception cref="InputException">There is nothing to measure.</exception>
    public static TaskReport Of(MLContext context, IDataView scored, TaskKind task)
    {
        try
        {
            return task switch
            {
                TaskKind.MultiLabel => Of(context.Attention().EvaluateMultiLabel(scored)),
                TaskKind.TokenLabels => Of(context.Attention().EvaluateTokenLabels(scored)),
                _ => Of(context.Regression.Evaluate(context.Data.FilterRowsByMissingValues(scored, "Label"))),
            };
        }
        catch (InvalidOperationException error)
        {
            throw new InputException($"{error.Message} Is --label the right column?", error);
        }
    }

    private static TaskReport Of(MultiLabelMetrics metrics) => new(
        $"{ReportText.Counted(metrics.Rows, "row")}: micro F1 {Share(metrics.MicroF1)}, macro F1 {Share(metrics.MacroF1)}, all labels right {ReportText.Percent(metrics.SubsetAccuracy)}, mean average precision {Share(metrics.MeanAveragePrecision)}",
        Labels("Labels", "average precision", metrics.Labels),
        JsonSerializer.Serialize(new
        {
            rows = metrics.Rows,
            microF1 = metrics.MicroF1,
            microPrecision = metrics.MicroPrecision,
            microRecall = metrics.MicroRecall,
            macroF1 = metrics.MacroF1,
            subsetAccuracy = metrics.SubsetAccuracy,
            meanAveragePrecision = metrics.MeanAveragePrecision,
            unknownLabels = metrics.UnknownLabels,
            labels = metrics.Labels.Select(Figures),
        }));

    private static TaskReport Of(TokenLabelMetrics metrics)
    {
        string entities = metrics.Entities is { } all ? $"entities: F1 {Share(all.F1)}, precision {Share(all.Precision)}, recall {Share(all.Recall)}, {ReportText.Count(all.Count)} of them; " : "";
        return new(
            $"{ReportText.Counted(metrics.Rows, "sentence")}: {entities}words: {ReportText.Percent(metrics.Accuracy)} of {ReportText.Count(metrics.Tokens)} right, macro F1 {Share(metrics.MacroF1)}",
            metrics.Kinds.Count > 0 ? Labels("Entities", null, metrics.Kinds) : Labels("Labels", null, metrics.Labels),
            JsonSerializer.Serialize(new
            {
                sentences = metrics.Rows,
                words = metrics.Tokens,
                wordsWithoutLabel = metrics.TokensWithoutLabel,
                accuracy = metrics.Accuracy,
                macroF1 = metrics.MacroF1,
                entities = metrics.Entities is null ? null : Figures(metrics.Entities),
                kinds = metrics.Kinds.Select(Figures),
                labels = metrics.Labels.Select(Figures),
            }));
    }

    private static TaskReport Of(RegressionMetrics metrics) => new(
        ReportText.Invariant($"R² {metrics.RSquared:0.0000}, mean absolute error {metrics.MeanAbsoluteError:0.####}, root mean squared error {metrics.RootMeanSquaredError:0.####}"),
        null,
        JsonSerializer.Serialize(new { rSquared = metrics.RSquared, meanAbsoluteError = metrics.MeanAbsoluteError, rootMeanSquaredError = metrics.RootMeanSquaredError }));

    private static ReportTable Labels(string title, string? last, IReadOnlyList<LabelMetrics> labels) => new(
        title, ["label", "precision", "recall", "F1", "support", .. last is null ? (string[])[] : [last]], 1,
        [.. labels.Select(label => (string[])[LookAlike.Shown(label.Label), Share(label.Precision), Share(label.Recall), Share(label.F1), ReportText.Count(label.Count), .. last is null ? (string[])[] : [label.AveragePrecision is { } precision ? Share(precision) : ""]])]);

    private static object Figures(LabelMetrics label) => new { label = label.Label, precision = label.Precision, recall = label.Recall, f1 = label.F1, support = label.Count, averagePrecision = label.AveragePrecision };

    private static string Share(double value) => ReportText.Invariant($"{value:0.000}");
}
