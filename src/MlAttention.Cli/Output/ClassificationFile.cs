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
    /// <param name="name">The name that it will have.</param>
    /// <param name="texts">What the model saw of the texts.</param>
    public static void Write(string path, string name, ClassificationReport report, TextCounts texts)
    {
        if (HasForm(name, Json)) File.WriteAllText(path, ToJson(report, texts) + Environment.NewLine);
        else WriteCsv(path, report, texts);
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

    private static void WriteCsv(string path, ClassificationReport report, TextCounts texts)
    {
        var classes = report.Classes;
        using var csv = new CsvTable(path);
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

        void Row(string kind, string? label, object? value = null, object? precision = null, object? recall = null, object? f1 = null, object? support = null, object? predicted = null, object[]? confusion = null) =>
            csv.Write([kind, label, value, precision, recall, f1, support, predicted, .. confusion ?? new object[classes.Count]]);
    }

    private static bool HasForm(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A CSV file that is written row by row, its numbers the same in every country.</summary>
internal sealed class CsvTable(string path) : IDisposable
{
    private readonly CsvWriter _csv = new(new StreamWriter(path), CultureInfo.InvariantCulture);

    /// <summary>Writes a row, or the header.</summary>
    public void Write(IEnumerable<object?> fields)
    {
        foreach (object? field in fields) _csv.WriteField(Convert.ToString(field, CultureInfo.InvariantCulture));
        _csv.NextRecord();
    }

    public void Dispose() => _csv.Dispose();
}
