namespace MlAttention.Ablation.Analysis;

/// <summary>From one variant's runs to its row of the report.</summary>
internal sealed class VariantAnalysis(AblationVariant variant, IReadOnlyList<AblationRun> runs, AblationData data)
{
    private const int LengthBins = 4;

    /// <summary>The row.</summary>
    public VariantResult Result(double level)
    {
        RunFailure[] failures = [.. runs.Where(run => run.Failure is not null).Select(run => new RunFailure(run.Seed, run.Failure!))];
        AblationRun[] finished = [.. runs.Where(run => run.Failure is null)];
        if (finished.Length == 0) return new() { Variant = variant, Runs = [], Failures = failures };
        RunScore[] scores = [.. finished.Select(run => Score(run.Seed, Predictions(variant, run), data.Test))];
        double[] accuracies = [.. scores.Select(score => score.Accuracy)];
        double mean = Sample.Mean(accuracies);
        var result = new VariantResult
        {
            Variant = variant,
            Runs = scores,
            Failures = failures,
            MeanAccuracy = mean,
            AccuracyDeviation = accuracies.Length > 1 ? Sample.StandardDeviation(accuracies) : null,
            MeanMacroF1 = scores.Average(score => score.MacroF1),
            MeanMatthewsCorrelation = scores.Average(score => score.MatthewsCorrelation),
            ItemInterval = WilsonInterval.Of((int)Math.Round(mean * data.Test.Count), data.Test.Count, level),
            Classes = Classes(finished),
            Parameters = finished[0].Parameters,
            Engine = string.Join(", ", finished.Select(run => run.Engine).Distinct()),
            TrainingSeconds = finished.Average(run => run.TrainingSeconds),
            TruncatedTexts = finished[0].TruncatedTexts,
        };
        return variant.Pretrained is { } pretrained ? pretrained.IsTestOnly() ? result : WithTrainingFigures(result, finished) : variant.ShuffledTest ? result : WithOrderFigures(result, finished);
    }

    /// <summary>The predictions that count for a variant: in order, or once for each shuffle seed.</summary>
    public static IReadOnlyList<int[]> Predictions(AblationVariant variant, AblationRun run) =>
        variant.Pretrained is { } pretrained && run.Pretrained!.Answers.FirstOrDefault(answers => answers.Variant == pretrained) is { } own ? own.Predictions
        : variant.ShuffledTest && variant.Pretrained != PretrainedVariant.Sorted ? run.ShuffledPredictions : [run.Predictions];

    /// <summary>The mean figures of one or several sets of predictions.</summary>
    public static RunScore Score(int seed, IReadOnlyList<int[]> predictions, TokenDataset test)
    {
        ConfusionCounts[] counts = Counts(predictions, test);
        return new(seed, counts.Average(count => count.Accuracy), counts.Average(count => count.MacroF1), counts.Average(count => count.MatthewsCorrelation));
    }

    private static ConfusionCounts[] Counts(IEnumerable<int[]> predictions, TokenDataset test) => [.. predictions.Select(ofSet => ConfusionCounts.Of(test.Labels, ofSet, test.ClassCount))];

    private VariantResult WithTrainingFigures(VariantResult result, AblationRun[] finished) => result with
    {
        Lengths = variant.ShuffledTest ? [] : Lengths(finished),
        LargestLogitChange = finished.Max(run => run.LargestLogitChange),
        LogLoss = variant.ShuffledTest ? null : finished.Average(run => run.LogLoss),
        Curves = [.. finished.Select(run => new LearningCurve(run.Seed, run.BestEpoch, run.Epochs))],
    };

    private VariantResult WithOrderFigures(VariantResult result, AblationRun[] finished) => WithTrainingFigures(result, finished) with
    {
        FlipRate = finished.Average(run => run.ShuffledPredictions.Average(shuffled => ShareOfChanges(run.Predictions, shuffled))),
        ReversalFlipRate = finished.Average(run => ShareOfChanges(run.Predictions, run.ReversedPredictions)),
        ReversedAccuracy = finished.Average(run => ShareRight(run.ReversedPredictions)),
    };

    private ClassScore[] Classes(AblationRun[] finished)
    {
        ConfusionCounts[] counts = Counts(finished.SelectMany(run => Predictions(variant, run)), data.Test);
        return [.. data.Classes.Select((name, c) => new ClassScore(name, counts.Average(count => count.Precision(c)), counts.Average(count => count.Recall(c)), counts.Average(count => count.F1(c))))];
    }

    private LengthScore[] Lengths(AblationRun[] finished)
    {
        int[] rows = [.. Enumerable.Range(0, data.Test.Count).OrderBy(data.Test.Length)];
        int[] bounds = [.. Enumerable.Range(1, LengthBins).Select(bin => data.Test.Length(rows[bin * rows.Length / LengthBins - 1])).Distinct()];
        var scores = new List<LengthScore>();
        int shortest = data.Test.Length(rows[0]);
        foreach (int longest in bounds)
        {
            int[] ofBin = [.. rows.Where(row => data.Test.Length(row) >= shortest && data.Test.Length(row) <= longest)];
            scores.Add(new(shortest, longest, ofBin.Length, finished.Average(run => ofBin.Count(row => run.Predictions[row] == data.Test.Labels[row]) / (double)ofBin.Length)));
            shortest = longest + 1;
        }
        return [.. scores];
    }

    private double ShareRight(int[] predictions) => 1 - ShareOfChanges(predictions, data.Test.Labels);

    private static double ShareOfChanges(int[] before, int[] after) => before.Zip(after).Count(pair => pair.First != pair.Second) / (double)before.Length;
}
