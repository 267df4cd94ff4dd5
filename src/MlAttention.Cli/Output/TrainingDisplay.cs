using Microsoft.ML.Runtime;
using MlAttention.Cli.Remarks;
using MlAttention.Core.Training;

namespace MlAttention.Cli.Output;

/// <summary>Shows how far training is, from reading the files to the last epoch, and what the trained model and ML.NET log.</summary>
internal sealed class TrainingDisplay : IProgress<TrainingProgress>, IDisposable
{
    /// <summary>Whose log tells of training: classifiers, and encoders that are pre-trained, and models that write texts.</summary>
    private static readonly string[] s_sources = ["AttentionClassifier", "PretrainEncoder", "TextGenerator"];
    private readonly ProgressLine _line;
    private EpochMetrics? _lastEpoch;

    /// <summary>Begins to show.</summary>
    /// <param name="context">Whose log is shown: warnings always, the model's lines unless silent.</param>
    /// <param name="words">The command's words for the library's options.</param>
    /// <param name="silent">Whether nothing but warnings is shown.</param>
    public TrainingDisplay(CliConsole console, MLContext context, OptionWords words, bool silent)
    {
        _line = new(console, silent, "reading");
        words.ShowWarnings(context, _line.Say);
        if (silent) return;
        context.Log += (_, logged) =>
        {
            if (logged.Kind == ChannelMessageKind.Info && s_sources.Any(source => logged.Source.Contains(source, StringComparison.Ordinal))) _line.Say(words.In(logged.RawMessage));
        };
    }

    /// <summary>Where training stands; null before its first report.</summary>
    public TrainingProgress? Last { get; private set; }

    public void Report(TrainingProgress value)
    {
        Last = value;
        _lastEpoch = value.CompletedEpoch ?? _lastEpoch;
        string[] validation = _lastEpoch is { } epoch && TrainingResult.Measure(epoch) is { } measure ? [$"validation {measure}"] : [];
        _line.Show(
        [
            ReportText.Invariant($"epoch {value.Epoch}/{value.Epochs}"),
            ReportText.Invariant($"loss {value.Loss:0.000}"),
            ReportText.Invariant($"{Math.Floor(100.0 * value.Step / value.Steps)}%"),
            $"at most {ReportText.Duration(value.Remaining.TotalSeconds)} left",
            .. validation,
            ReportText.Invariant($"{value.TokensPerSecond:0} tokens/s"),
        ]);
    }

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line) => _line.Say(line);

    public void Dispose() => _line.Dispose();
}

/// <summary>What training came to.</summary>
/// <param name="Path">The model file.</param>
/// <param name="Summary">What was read; null for another task than one label.</param>
/// <param name="Trained">The model and its history.</param>
/// <param name="Group">The column whose equal values were held out together; null where rows were held out one by one, or none.</param>
/// <param name="HasValidationFile">Whether the validation rows were given, not held out.</param>
internal sealed record TrainingResult(string Path, DataSummary? Summary, TrainedSequenceModel Trained, string? Group, bool HasValidationFile)
{
    private EpochMetrics Kept => Trained.History[Trained.ChosenEpoch - 1];

    private string Stop => Trained.StopReason == TrainingStopReason.MaxDuration ? $"; --max-minutes ended training{(Trained.History[^1].IsCutShort ? " within an epoch" : "")}" : "";

    /// <summary>The result for people.</summary>
    public string Sentence()
    {
        string epoch = $"epoch {Kept.Epoch} of {Trained.History.Count}";
        if (Kept.ValidationScore is null) return $"{Path}: trained for {Trained.History.Count} epochs; too few rows to hold some out, so its accuracy is not known{Stop}";
        string rows = $"{ReportText.Count(Trained.ValidationRows)} {(HasValidationFile ? "validation" : "held-out")} rows";
        return Kept.ValidationAccuracy is { } accuracy && Trained.Model.Task == TaskKind.SingleLabel
            ? ReportText.Invariant($"{Path}: {ReportText.Percent(accuracy)} of {rows} right, macro-F1 {Kept.ValidationMacroF1:0.000}, after {epoch}, whose weights are kept{Stop}")
            : $"{Path}: {Measure(Kept)} on {rows}, after {epoch}, whose weights are kept{Stop}";
    }

    /// <summary>What chooses the epoch, with its name; null without validation.</summary>
    public static string? Measure(EpochMetrics epoch) => epoch switch
    {
        { ValidationPerplexity: { } perplexity } => ReportText.Invariant($"perplexity {perplexity:0.00}"),
        { ValidationEntityF1: { } entities } => ReportText.Invariant($"F1 of entities {entities:0.000}"),
        { ValidationMicroF1: { } micro } => ReportText.Invariant($"micro-F1 {micro:0.000}"),
        { ValidationRSquared: { } explained } => ReportText.Invariant($"R² {explained:0.000}"),
        { ValidationAccuracy: { } accuracy } => $"rows right {ReportText.Percent(accuracy)}",
        _ => null,
    };

    /// <summary>The result for other programs.</summary>
    public string Json() => Summary is { } summary ? OfOneLabel(summary) : JsonSerializer.Serialize(new
    {
        model = Path,
        task = ModelOptions.NameOf(Trained.Model.Task),
        truncatedTexts = Trained.TruncatedRows,
        truncatedWords = Trained.TruncatedTokens,
        engine = Trained.EngineName,
        trainingRows = Trained.TrainingRows,
        validationRows = Trained.ValidationRows,
        epochs = Trained.History.Count,
        bestEpoch = Kept.Epoch,
        validationScore = Kept.ValidationScore,
    });

    private string OfOneLabel(DataSummary summary) => JsonSerializer.Serialize(new
    {
        model = Path,
        files = summary.Files,
        rows = summary.Rows,
        unlabelledRows = summary.UnlabelledRows,
        rowsOfClass = summary.RowsByClass,
        words = summary.Words,
        longestText = summary.LongestText,
        truncatedTexts = Trained.TruncatedRows,
        truncatedWords = Trained.TruncatedTokens,
        heldOutBy = Group,
        engine = Trained.EngineName,
        trainingRows = Trained.TrainingRows,
        validationRows = Trained.ValidationRows,
        epochs = Trained.History.Count,
        bestEpoch = Kept.Epoch,
        stopReason = JsonNamingPolicy.CamelCase.ConvertName(Trained.StopReason.ToString()),
        validationAccuracy = Kept.ValidationAccuracy,
        validationMacroF1 = Kept.ValidationMacroF1,
    });
}
