namespace MlAttention.Cli.Output;

/// <summary>Predictions of another task than one label, one row after another: labels, numbers, or words with their labels.</summary>
internal sealed class TaskPredictions(AttentionClassifierTransformer classifier, IDataView scored)
{
    private static readonly string[] s_columns = ["Text", "Words", SavedModel.PredictedText, "Score"];
    private readonly TaskKind _task = classifier.Model.Architecture.Task;

    /// <summary>The columns of a CSV file.</summary>
    public IReadOnlyList<string> CsvColumns => _task == TaskKind.Regression ? ["Text", "Prediction"] : ["Text", "PredictedLabels", .. Labels.Select(label => $"Probability.{label}")];

    private IReadOnlyList<string> Labels => _task == TaskKind.MultiLabel ? ScoredTexts.LabelsOf(classifier) : [];

    /// <summary>Each row: its fields for a CSV file, the line for people, and the object for other programs.</summary>
    public IEnumerable<(object[] Csv, string Line, object Json)> Rows()
    {
        using var cursor = scored.GetRowCursor(scored.Schema.Where(column => s_columns.Contains(column.Name)));
        var text = scored.Schema.GetColumnOrNull("Text") is { } column ? cursor.GetGetter<ReadOnlyMemory<char>>(column) : null;
        var words = _task == TaskKind.TokenLabels ? cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(scored.Schema[TaskFiles.Words]) : null;
        var labels = _task == TaskKind.Regression ? null : cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(scored.Schema[SavedModel.PredictedText]);
        var number = _task == TaskKind.Regression ? cursor.GetGetter<float>(scored.Schema["Score"]) : null;
        var scores = _task == TaskKind.MultiLabel ? cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]) : null;
        while (cursor.ReadNext())
        {
            string[] found = Texts(labels), split = Texts(words);
            string shown = text is null ? string.Join(' ', split) : Text(text);
            yield return _task switch
            {
                TaskKind.Regression => Of(shown, Number(number!)),
                TaskKind.MultiLabel => Of(shown, found, Numbers(scores!)),
                _ => Of(shown, split, found),
            };
        }
    }

    private static (object[], string, object) Of(string text, float number) =>
        ([text, number], $"{number.ToString("R", CultureInfo.InvariantCulture)}\t{OneLine(text)}", new { text, prediction = number });

    private (object[], string, object) Of(string text, string[] labels, float[] probabilities) =>
        ([text, string.Join(CsvSettings.DefaultLabelSeparator, labels), .. probabilities.Cast<object>()], $"{string.Join(CsvSettings.DefaultLabelSeparator, labels)}\t{OneLine(text)}",
            new { text, labels, probabilities = Labels.Zip(probabilities).ToDictionary(pair => pair.First, pair => pair.Second) });

    private static (object[], string, object) Of(string text, string[] words, string[] labels) =>
        ([text, string.Join(' ', labels.Select(label => label.Length > 0 ? label : "?"))], string.Join(' ', words.Zip(labels, (word, label) => $"{word}/{(label.Length > 0 ? label : "?")}")), new { words, labels });

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');

    private static string Text(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> text = default;
        getter(ref text);
        return text.ToString();
    }

    private static string[] Texts(ValueGetter<VBuffer<ReadOnlyMemory<char>>>? getter)
    {
        VBuffer<ReadOnlyMemory<char>> texts = default;
        getter?.Invoke(ref texts);
        return [.. texts.DenseValues().Select(text => text.ToString())];
    }

    private static float Number(ValueGetter<float> getter)
    {
        float number = 0;
        getter(ref number);
        return number;
    }

    private static float[] Numbers(ValueGetter<VBuffer<float>> getter)
    {
        VBuffer<float> numbers = default;
        getter(ref numbers);
        return [.. numbers.DenseValues()];
    }
}
