using CsvHelper;

namespace MlAttention.Cli.Output;

/// <summary>A classification report for other programs, with every class and the whole confusion matrix.</summary>
internal static class ClassificationFile
{
    private const string Csv = ".csv", Json = ".json";

    /// <summary>Fails unless the file's name says in which form it is to be written.</summary>
    /// <exception cref="InputException">It ends in neither .csv nor .json.</exception>
    public static void RequireForm(string? path, string option)
    {
        if (path is not null && !HasForm(path, Csv) && !HasForm(path, Json)) throw new InputException($"{option} {path}: the name must end in {Csv} or {Json}, which says how the report is written.");
    }

    /// <summary>Writes the report in the form of the file's name.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="name">The name that it will have.</param>
    /// <param name="report">The report.</param>
    /// <param name="texts">What the model saw of the texts.</param>
    public static void Write(string path, string name, ClassificationReport report, TextCounts texts)
    {
        using var writer = new StreamWriter(path);
        if (HasForm(name, Json)) writer.WriteLine(ToJson(report, texts));
        else WriteCsv(writer, report, texts);
    }

    /// <summary>The report as JSON.</summary>
    public static string ToJson(ClassificationReport report, TextCounts texts)
    {
        var classes = report.Classes;
        return JsonSerializer.Serialize(new
        {
            rows = report.Rows,
            leftOut = new
            {
                rows = report.LeftOut,
                missingLabels = report.MissingLabels,
                unknownLabels = report.UnknownLabels.Select(unknown => new { label = unknown.Label, rows = unknown.Rows }),
                accuracyIfWrong = report.AccuracyWithUnknown,
            },
            texts = new { cut = texts.Cut, empty = texts.Empty, withoutKnownWord = texts.Unknown, tokens = texts.Tokens, unknownTokens = texts.UnknownTokens },
            microAccuracy = report.Accuracy,
            macroAccuracy = report.MacroAccuracy,
            logLoss = report.LogLoss,
            macro = Mean(report.Macro),
            weighted = Mean(report.Weighted),
            classes = classes.Select(one => new { label = one.Label, precision = one.Precision, recall = one.Recall, f1 = one.F1, support = one.Support, predicted = one.Predicted }),
            absent = report.Absent,
            confusion = new { labels = classes.Select(one => one.Label), rows = classes.Select(label => classes.Select(prediction => report.Confusion(label.Class, prediction.Class))) },
        });

        static object Mean(MeanFigures mean) => new { precision = mean.Precision, recall = mean.Recall, f1 = mean.F1 };
    }

    private static void WriteCsv(TextWriter writer, ClassificationReport report, TextCounts texts)
    {
        var classes = report.Classes;
        using var csv = new CsvWriter(writer, CultureInfo.InvariantCulture, leaveOpen: true);
        Row("Kind", "Label", "Value", "Precision", "Recall", "F1", "Support", "Predicted", [.. classes.Select(one => $"As {one.Label}")]);
        Value("rows", report.Rows);
        Value("rows without a label", report.MissingLabels);
        foreach (var (label, rows) in report.UnknownLabels) Value("rows with a label that the model does not know", rows, label);
        Value("accuracy", report.Accuracy);
        Value("accuracy with unknown labels as wrong", report.AccuracyWithUnknown);
        Value("mean recall of the labels", report.MacroAccuracy);
        Value("log-loss, nats", report.LogLoss);
        Value("texts cut", texts.Cut);
        Value("texts empty", texts.Empty);
        Value("texts without a known word", texts.Unknown);
        Mean("macro mean", report.Macro);
        Mean("weighted mean", report.Weighted);
        foreach (string label in report.Absent) Row("label that does not occur", label);
        foreach (var one in classes)
            Row("class", one.Label, null, one.Precision, one.Recall, one.F1, one.Support, one.Predicted, [.. classes.Select(prediction => (object)report.Confusion(one.Class, prediction.Class))]);

        void Value(string kind, object value, string? label = null) => Row(kind, label, value);

        void Mean(string kind, MeanFigures mean) => Row(kind, null, null, mean.Precision, mean.Recall, mean.F1, report.Rows, report.Rows);

        void Row(string kind, string? label, object? value = null, object? precision = null, object? recall = null, object? f1 = null, object? support = null, object? predicted = null, object[]? confusion = null)
        {
            foreach (object? field in (object?[])[kind, label, value, precision, recall, f1, support, predicted, .. confusion ?? new object[classes.Count]]) csv.WriteField(Convert.ToString(field, CultureInfo.InvariantCulture));
            csv.NextRecord();
        }
    }

    private static bool HasForm(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A CSV file of the rows that a classifier gets wrong, with the probability of each label.</summary>
internal sealed class MisreadRows : IDisposable
{
    private readonly CsvWriter _csv;

    /// <summary>Begins the file.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="labels">The model's labels.</param>
    public MisreadRows(string path, IReadOnlyList<string> labels)
    {
        _csv = new(new StreamWriter(path), CultureInfo.InvariantCulture);
        foreach (string column in (string[])["Text", "Label", "PredictedLabel", "Probability", .. labels.Select(label => $"Probability.{label}")]) _csv.WriteField(column);
        _csv.NextRecord();
    }

    /// <summary>Writes the row that was read last.</summary>
    /// <param name="texts">The rows.</param>
    /// <param name="label">The number of its label.</param>
    /// <param name="prediction">The number of the most probable label.</param>
    public void Write(ScoredTexts texts, int label, int prediction)
    {
        foreach (string field in (string[])[texts.Text, texts.Labels[label], texts.Labels[prediction]]) _csv.WriteField(field);
        _csv.WriteField(texts.Probabilities[prediction]);
        foreach (float probability in texts.Probabilities) _csv.WriteField(probability);
        _csv.NextRecord();
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();
}
