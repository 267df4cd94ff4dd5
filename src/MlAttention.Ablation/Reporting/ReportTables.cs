namespace MlAttention.Ablation.Reporting;

/// <summary>The tables of a report: the same cells in console, Markdown and HTML.</summary>
internal static class ReportTables
{
    private const int VariantsOnPaper = 2, ClassesOnPaper = 80; // of the first variants, whose classes are printed, and as many rows of them

    /// <summary>One row a variant with every seed's accuracy, then the baselines.</summary>
    public static ReportTable Accuracy(OrderingAblationReport report) => new("Accuracy on the test texts", ["variant", "mean", "sd", "every seed, %", report.Pretrained is null ? "gain over none" : "against ordered"], 1,
        [
            .. report.Variants.Select(IReadOnlyList<string> (result) =>
                [result.Variant.Name, Percent(result.MeanAccuracy), Points(result.AccuracyDeviation).TrimStart('+'), Seeds(result), CostOf(report, result.Variant)]),
            .. report.Baselines.Select(IReadOnlyList<string> (baseline) => [$"({baseline.Name})", Percent(baseline.MeanAccuracy), "–", SeedFigures(baseline.Runs), "–"]),
        ]);

    /// <summary>The tables after that of the accuracy, in the report's order.</summary>
    public static IReadOnlyList<ReportTable> AfterAccuracy(OrderingAblationReport report) =>
    [
        TextTables.Outcomes(report), .. PretrainedTables.All(report), Comparisons(report), Details(report), Classes(report), Lengths(report), BeyondTrainedLength(report.LengthStudy), Complexity(report.ComplexityStudy), ComplexityMeasurements(report.ComplexityStudy),
        ContributionTables.Agreement(report.ContributionStudy), AttentionMeans(report.AttentionStudy), Attention(report.AttentionStudy), Failures(report), Setting(report),
    ];

    /// <summary>What else is known of each variant.</summary>
    public static ReportTable Details(OrderingAblationReport report)
    {
        VariantResult[] results = [.. report.Variants.Where(result => result.Runs.Count > 0)];
        return new("Details", ["variant", "macro-F1", "MCC", "log-loss", "flips, shuffled", "flips, reversed", "largest logit change", "parameters", "truncated", "s a run", "engine"], 1,
        [
            .. results.Select(IReadOnlyList<string> (result) =>
            [
                result.Variant.Name, Percent(result.MeanMacroF1), Number(Rounded(result.MeanMatthewsCorrelation)), Number(Rounded(result.LogLoss)), Percent(result.FlipRate),
                Percent(result.ReversalFlipRate), Number(result.LargestLogitChange), Count(result.Parameters), Count(result.TruncatedTexts), Number(Math.Round(result.TrainingSeconds, 1)), result.Engine,
            ]),
        ])
        {
            Printed = results.TakeWhile(result => result.Variant.Shuffling == TokenShuffling.None).Count(),
        };
    }

    /// <summary>One row a comparison.</summary>
    public static ReportTable Comparisons(OrderingAblationReport report) => new("Comparisons (first minus second, in points of accuracy)",
        ["question", "outcome", "first", "second", "difference", "interval, seeds and texts", "interval, seeds", "interval, seeds (BCa)", "p", "p, Holm", "median McNemar p", "p, equivalence", "d", "P(first > second)"], 4,
        [
            .. report.Comparisons.Select(IReadOnlyList<string> (comparison) =>
            [
                QuestionName(comparison.Question), OutcomeName(comparison), comparison.First.Name, comparison.Second.Name, Points(comparison.MeanDifference), Points(comparison.Interval),
                Points(comparison.SeedInterval), Points(comparison.BootstrapInterval), P(comparison.P), P(comparison.AdjustedP), P(Median(comparison.McNemarP)), P(comparison.EquivalenceP),
                EffectSizeOf(comparison), Number(Rounded(comparison.ProbabilityOfSuperiority)),
            ]),
        ])
    {
        ScreenColumns = ["interval, seeds (BCa)", "d", "P(first > second)"],
    };

    /// <summary>Precision, recall and F1 of each class, for the variants with texts in order.</summary>
    public static ReportTable Classes(OrderingAblationReport report)
    {
        VariantResult[] results = [.. report.Variants.Where(result => result.Variant.Shuffling == TokenShuffling.None)];
        return new("Classes", ["variant", "class", "precision", "recall", "F1"], 2,
        [
            .. results.SelectMany(result => result.Classes.Select(IReadOnlyList<string> (score) =>
                [result.Variant.Name, score.Name, Percent(score.Precision), Percent(score.Recall), Percent(score.F1)])),
        ])
        {
            Printed = results.Take(VariantsOnPaper).Sum(result => result.Classes.Count) is var rows && rows <= ClassesOnPaper ? rows : Math.Min(results[0].Classes.Count, ClassesOnPaper),
        };
    }

    /// <summary>Accuracy by length of the test text.</summary>
    public static ReportTable Lengths(OrderingAblationReport report)
    {
        var results = report.Variants.Where(result => result.Lengths.Count > 0).ToArray();
        string[] bins = results.Length == 0 ? [] : [.. results[0].Lengths.Select(score => Invariant($"{score.Shortest}–{score.Longest} tokens"))];
        return new("Accuracy by length of the text", ["variant", .. bins], 1, [.. results.Select(IReadOnlyList<string> (result) => [result.Variant.Name, .. result.Lengths.Select(score => Percent(score.Accuracy))])]);
    }

    /// <summary>Accuracy beyond the trained length.</summary>
    public static ReportTable BeyondTrainedLength(LengthStudy? study)
    {
        string[] bins = study is null ? [] : [.. study.Curves.MaxBy(curve => curve.Points.Count)!.Points.Select(score => Invariant($"{score.Shortest}–{score.Longest} tokens"))];
        return new(Invariant($"Beyond the trained length of {study?.TrainedLength} tokens: which of two marked tokens comes first"), ["positions", .. bins, "remark"], 1,
        [
            .. (study?.Curves ?? []).Select(IReadOnlyList<string> (curve) =>
                [VariantNames.Of(curve.Positions), .. bins.Select((_, bin) => bin < curve.Points.Count ? WithDeviation(curve.Points[bin]) : "cannot"), curve.Remark ?? ""]),
        ]);
    }

    /// <summary>Fitted exponents of the complexity study.</summary>
    public static ReportTable Complexity(ComplexityStudy? study) => new("Measured complexity",
        ["algorithm", "order of time", "serial steps", "varied", "exponent of time", "R²", "in theory", "exponent of memory", "in theory", "speed-up on all cores"], 4,
        [
            .. (study?.Series ?? []).Select(IReadOnlyList<string> (series) =>
            [
                series.Algorithm, series.Theory.Time, series.Theory.SequentialSteps, Varied(series), series.ExponentText, Number(series.TimeFit is { } fit ? Math.Round(fit, 2) : null), series.Theory.TimeExponent,
                series.MemoryExponent is { } memory ? Number(Math.Round(memory, 2)) : "–", series.Theory.MemoryExponent, Number(series.ParallelSpeedup is { } speedup ? Math.Round(speedup, 2) : null),
            ]),
        ]);

    /// <summary>The measurements that the exponents are fitted to.</summary>
    public static ReportTable ComplexityMeasurements(ComplexityStudy? study) => new(
        $"A forward pass, {study?.Device}: median ms, half the distance between the quartiles, and peak extra memory", ["algorithm", "varied", "size: time", "size: memory"], 4,
        [
            .. (study?.Series ?? []).Select(IReadOnlyList<string> (series) =>
            [
                series.Algorithm, Varied(series), string.Join(", ", series.Points.Select(point => Invariant($"{point.Size}: {Milliseconds(point.Milliseconds)}{(point.Spread is { } spread ? $" ± {Milliseconds(spread)}" : "")}"))),
                series.Points.Any(point => point.Bytes is not null) ? string.Join(", ", series.Points.Select(point => Invariant($"{point.Size}: {Megabytes(point.Bytes)}"))) : "–",
            ]),
        ]);

    private static string Megabytes(double? bytes) => bytes is { } value ? Invariant($"{value / 1e6:G3} MB") : "–";

    private static string Varied(ComplexitySeries series) => Invariant($"{series.Varied}, {(series.Varied == "n" ? "d" : "n")} = {series.Fixed}");

    private static string Milliseconds(double value) => value < 100 ? Invariant($"{value:G3}") : Invariant($"{value:0}");

    /// <summary>What each head looks at, averaged over the texts studied.</summary>
    public static ReportTable Attention(AttentionStudy? study) => new("Attention by head",
        ["positions", "layer", "head", "entropy, nats", "mean distance, tokens", "on itself", "on the previous token"], 1,
        [
            .. (study?.Patterns ?? []).SelectMany(pattern => pattern.Heads.Select(head => (pattern.Positions, Head: head)))
                .GroupBy(entry => (entry.Positions, entry.Head.Layer, entry.Head.Head))
                .Select(IReadOnlyList<string> (heads) =>
                [
                    VariantNames.Of(heads.Key.Positions), Count(heads.Key.Layer + 1), Count(heads.Key.Head + 1), Number(Rounded(heads.Average(entry => entry.Head.Entropy))),
                    Number(Rounded(heads.Average(entry => entry.Head.MeanDistance))), Percent(heads.Average(entry => entry.Head.DiagonalShare)), Percent(heads.Average(entry => entry.Head.PreviousShare)),
                ]),
        ])
    {
        Printed = 0,
    };

    /// <summary>What all heads of a scheme look at on average, and how that differs from the model without positions.</summary>
    public static ReportTable AttentionMeans(AttentionStudy? study)
    {
        var heads = (study?.Patterns ?? []).GroupBy(pattern => pattern.Positions).ToDictionary(scheme => scheme.Key, scheme => scheme.SelectMany(pattern => pattern.Heads).ToArray());
        var none = heads.GetValueOrDefault(PositionScheme.None);
        return new("Attention, mean of all heads (in brackets: more or less than without positions)", ["positions", "entropy, nats", "mean distance, tokens", "on itself", "on the previous token"], 1,
        [
            .. heads.Select(IReadOnlyList<string> (scheme) =>
            [
                VariantNames.Of(scheme.Key), Cell(scheme, head => head.Entropy), Cell(scheme, head => head.MeanDistance),
                ShareCell(scheme, head => head.DiagonalShare), ShareCell(scheme, head => head.PreviousShare),
            ]),
        ]);

        string Cell(KeyValuePair<PositionScheme, AttentionHead[]> scheme, Func<AttentionHead, double> figure) =>
            Number(Math.Round(scheme.Value.Average(figure), 2)) + Difference(scheme, figure, change => Invariant($"{change:+0.00;-0.00;0}"));

        string ShareCell(KeyValuePair<PositionScheme, AttentionHead[]> scheme, Func<AttentionHead, double> figure) =>
            Percent(scheme.Value.Average(figure)) + Difference(scheme, figure, change => Points(change));

        string Difference(KeyValuePair<PositionScheme, AttentionHead[]> scheme, Func<AttentionHead, double> figure, Func<double, string> format) =>
            none is null || scheme.Key == PositionScheme.None ? "" : $" ({format(scheme.Value.Average(figure) - none.Average(figure))})";
    }

    /// <summary>Failed runs.</summary>
    public static ReportTable Failures(OrderingAblationReport report) => new("Failed runs",
        ["variant", "seed", "what happened"], 3,
        [.. report.Variants.SelectMany(result => result.Failures.Select(IReadOnlyList<string> (failure) => [result.Variant.Name, Count(failure.Seed), failure.Message]))]);

    private static string AskedFor(int? texts) => texts is { } count ? $", about {Count(count)} being asked for," : "";

    /// <summary>What every report states: data, model, budget, machine.</summary>
    public static ReportTable Setting(OrderingAblationReport report)
    {
        var (plan, data, machine) = (report.Plan, report.Data, report.Environment);
        return new("Setting", ["what", "value"], 2,
        [
            ["data", $"{data.Name}: {Count(data.TrainingTexts)} training texts{AskedFor(plan.TrainingTexts)} ({Percent(plan.DevFraction)} of them for early stopping), {Count(data.TestTexts)} test texts{AskedFor(plan.TestTexts)}{(data.TestGroups is { } groups ? $" in {Count(groups)} groups" : "")}; {data.SkippedRows} rows without a label left out"],
            ["classes in the test texts", List([.. data.Classes.Zip(data.TestTextsByClass, (name, count) => $"{name} {Count(count)}")])],
            ["chance", Percent(data.Chance)],
            ["vocabulary", $"{Count(data.Vocabulary)} tokens; {Percent(data.UnknownShare)} of the test tokens are unknown"],
            ["test text lengths", $"{data.TestLengths[0]} to {data.TestLengths[2]} tokens, median {data.TestLengths[1]}"],
            ["data fingerprint", data.Fingerprint[..16]],
            .. PartsText.Of(plan) is { } parts ? [["texts of a row", parts]] : Array.Empty<string[]>(),
            .. plan.PretrainedDetails?.Encoder is { } encoder ? [["pretrained encoder", $"{encoder.Name}, {encoder.Family} family, {Count(encoder.Parameters)} weights, {Count(encoder.PositionRows)} positions, {Count(encoder.Tokens)} tokens, fingerprint {encoder.Fingerprint}"]] : Array.Empty<string[]>(),
            ["model", $"width {plan.Model.ModelWidth}, {plan.Model.Heads} heads, {plan.Model.Layers} layers, feed-forward {plan.Model.FeedForwardWidth}, {plan.Model.Pooling} pooling, {plan.Model.Norm}-norm, dropout {Number(plan.Model.Dropout)}, at most {plan.Model.MaxLength} tokens"],
            ["budget", $"{plan.Epochs} epochs at most, patience {plan.Patience}, batches of {plan.BatchSize}, learning rate {List([.. (plan.PretrainedDetails?.LearningRates ?? [plan.LearningRate]).Select(rate => Number(rate))])}{(plan.PretrainedDetails?.LearningRates.Count > 1 ? ": for each variant the one with the best dev texts" : "")}"],
            ["seeds", string.Join(", ", plan.Seeds.Select(seed => Invariant($"{seed}")))],
            ["shuffle seeds", Invariant($"{plan.ShuffleSeeds}")],
            ["engine", List([.. report.Variants.Select(result => result.Engine).Where(engine => engine.Length > 0).Distinct()])],
            ["version", machine.ToString()],
            ["machine", $"{machine.Processor}, {machine.Cores} cores, {machine.Vectors} vectors, {machine.System}"],
            ["wall time", Duration(report.WallSeconds)],
            ["made", report.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC"],
        ]);
    }

    /// <summary>What a comparison's outcome is called.</summary>
    public static string OutcomeName(VariantComparison comparison) => comparison.Outcome switch
    {
        ComparisonOutcome.FirstBetter => "first better",
        ComparisonOutcome.SecondBetter => "second better",
        ComparisonOutcome.Equivalent => "equal within margin",
        _ => "no detectable effect",
    };

    private static string WithDeviation(LengthScore score) =>
        score.Deviation is { } deviation ? Invariant($"{Percent(score.Accuracy)} (sd {deviation * 100:0.0})") : Percent(score.Accuracy);

    private static string EffectSizeOf(VariantComparison comparison) =>
        comparison.EffectSize is null && comparison.Seeds.Count > 1 ? "–, all seeds equal" : Number(Rounded(comparison.EffectSize));

    private static string QuestionName(ComparisonQuestion question) => question switch
    {
        ComparisonQuestion.PretrainedPositions => "pretrained positions",
        ComparisonQuestion.InputShift => "shift of the input",
        _ => question.ToString().ToLowerInvariant(),
    };

    private static string Seeds(VariantResult result) =>
        result.Failures.Count == 0 ? SeedFigures(result.Runs) : $"{SeedFigures(result.Runs)} ({result.Failures.Count} failed)".TrimStart();

    private static string SeedFigures(IReadOnlyList<RunScore> runs) => string.Join(' ', runs.Select(run => Invariant($"{run.Accuracy * 100:0.0}")));

    private static string CostOf(OrderingAblationReport report, AblationVariant variant)
    {
        var comparison = report.Comparisons.FirstOrDefault(candidate =>
            candidate.First == variant && candidate.Question is (ComparisonQuestion.Positions or ComparisonQuestion.Encoder or ComparisonQuestion.Mask));
        if (report.Pretrained is not null)
            return report.Comparisons.FirstOrDefault(candidate => candidate.Second == variant && candidate.First.Pretrained == PretrainedVariant.Ordered) is { } against
                ? $"{Points(-against.MeanDifference)} {Points(against.Interval is { } range ? range with { Lower = -range.Upper, Upper = -range.Lower } : null)}" : "–";
        return comparison is null ? "–" : $"{Points(comparison.MeanDifference)} {Points(comparison.Interval)}";
    }

    private static double? Rounded(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, 3) : null;

    private static double? Median(IReadOnlyList<double> values) => values.Count == 0 ? null : values.Order().ElementAt(values.Count / 2);
}

/// <summary>A table of the report, whatever the format that shows it.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="NumericFrom">Index of the first column with numbers, which are aligned to the right.</param>
/// <param name="Rows">Cells as plain text; none is escaped for any format yet.</param>
internal sealed record ReportTable(string Title, IReadOnlyList<string> Columns, int NumericFrom, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>A kind for each row, by which a page can show some alone; null where rows are of one kind.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>How many of the first rows are worth printing on paper; null for all.</summary>
    public int? Printed { get; init; }

    /// <summary>Names of the columns for which a sheet of paper has no room.</summary>
    public IReadOnlyList<string> ScreenColumns { get; init; } = [];
}
