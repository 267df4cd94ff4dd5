using System.Text.Json;
using MlAttention.Reporting;
using MlAttention.Training;

namespace MlAttention.Cli.Output;

/// <summary>What training came to.</summary>
/// <param name="Path">The model file.</param>
/// <param name="Summary">What was read.</param>
/// <param name="Trained">The model and its history.</param>
/// <param name="Group">The column whose equal values were held out together; null where rows were held out one by one, or none.</param>
/// <param name="HasValidationFile">Whether the validation rows were given, not held out.</param>
internal sealed record TrainingResult(string Path, DataSummary Summary, TrainedSequenceModel Trained, string? Group, bool HasValidationFile)
{
    private EpochMetrics Kept => Trained.History[Trained.ChosenEpoch - 1];

    /// <summary>The result for people, or as JSON.</summary>
    public string Of(bool json) => json ? Json() : Sentence();

    private string Sentence()
    {
        string epoch = $"epoch {Kept.Epoch} of {Trained.History.Count}";
        if (Kept.ValidationAccuracy is not { } accuracy) return $"{Path}: trained for {Trained.History.Count} epochs; too few rows to hold some out, so its accuracy is not known";
        string rows = $"{ReportText.Count(Trained.ValidationRows)} {(HasValidationFile ? "validation" : "held-out")} rows";
        return ReportText.Invariant($"{Path}: {ReportText.Percent(accuracy)} of {rows} right, macro-F1 {Kept.ValidationMacroF1:0.000}, after {epoch}, whose weights are kept");
    }

    private string Json() => JsonSerializer.Serialize(new
    {
        model = Path,
        files = Summary.Files,
        rows = Summary.Rows,
        unlabelledRows = Summary.UnlabelledRows,
        rowsOfClass = Summary.RowsByClass,
        words = Summary.Words,
        longestText = Summary.LongestText,
        truncatedTexts = Trained.TruncatedRows,
        truncatedWords = Trained.TruncatedTokens,
        heldOutBy = Group,
        engine = Trained.EngineName,
        trainingRows = Trained.TrainingRows,
        validationRows = Trained.ValidationRows,
        epochs = Trained.History.Count,
        bestEpoch = Kept.Epoch,
        validationAccuracy = Kept.ValidationAccuracy,
        validationMacroF1 = Kept.ValidationMacroF1,
    });
}
