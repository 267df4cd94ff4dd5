namespace MlAttention.Cli.Output;

/// <summary>A label with its probability.</summary>
/// <param name="Label">The label.</param>
/// <param name="Probability">From 0 to 1.</param>
internal readonly record struct LabelProbability(string Label, float Probability);

/// <summary>What is said of a text, whatever the form in which it is written.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The most probable label, or the one that stands for "unsure".</param>
/// <param name="Best">The most probable labels, as many as were asked for, the best one first.</param>
/// <param name="All">The probability of each of the model's labels; empty unless asked for.</param>
/// <param name="Kept">The kept columns' values.</param>
/// <param name="Notes">What makes the prediction worth less than its probability; empty when nothing does.</param>
internal sealed record Prediction(string Text, string Label, IReadOnlyList<LabelProbability> Best, IReadOnlyList<LabelProbability> All, IReadOnlyList<string> Kept, IReadOnlyList<string> Notes);

/// <summary>What is asked for of each text.</summary>
/// <param name="Top">How many of the most probable labels.</param>
/// <param name="All">Whether each label's probability.</param>
/// <param name="Threshold">The probability below which the label is "unsure"; null for never.</param>
/// <param name="Unsure">The label that stands for "unsure".</param>
/// <param name="Kept">The kept columns' names.</param>
internal sealed record PredictionRequest(int Top, bool All, double? Threshold, string Unsure, IReadOnlyList<string> Kept)
{
    /// <summary>What is said of the text that was read last.</summary>
    public Prediction Of(ScoredTexts texts)
    {
        var probabilities = texts.Probabilities.ToArray();
        int[] order = [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(label => probabilities[label]).Take(Top)];
        LabelProbability[] best = [.. order.Select(label => new LabelProbability(texts.Labels[label], probabilities[label]))];
        bool isUnsure = best[0].Probability < Threshold;
        return new(
            texts.Text,
            isUnsure ? Unsure : best[0].Label,
            best,
            All ? [.. texts.Labels.Zip(probabilities, (label, probability) => new LabelProbability(label, probability))] : [],
            [.. Kept.Select((_, column) => texts.Field(column))],
            [.. Notes(texts, isUnsure ? best[0].Label : null)]);
    }

    private static IEnumerable<string> Notes(ScoredTexts texts, string? unsureOf)
    {
        if (unsureOf is not null) yield return $"unsure, at best {unsureOf}";
        if (texts.Tokens.IsEmpty) yield return "empty";
        if (texts.Tokens.IsUnknown) yield return "no known word";
        if (texts.Tokens.IsCut) yield return FormattableString.Invariant($"cut to {texts.Tokens.Read} tokens");
    }
}

/// <summary>Writes predictions one by one as they are scored, so that any number of rows needs the same memory.</summary>
internal abstract class PredictionWriter : IDisposable
{
    /// <summary>The header of the CSV file.</summary>
    /// <param name="request">What is asked for of each text.</param>
    /// <exception cref="InputException">A kept column has the name of another one.</exception>
    public static IReadOnlyList<string> CsvColumns(PredictionRequest request, IReadOnlyList<string> labels)
    {
        string[] own =
        [
            "Text", "PredictedLabel", "Probability",
            .. Enumerable.Range(2, request.Top - 1).SelectMany(rank => (string[])[FormattableString.Invariant($"PredictedLabel{rank}"), FormattableString.Invariant($"Probability{rank}")]),
            .. request.All ? labels.Select(label => $"Probability.{label}") : [],
            "Note",
        ];
        string? twice = request.Kept.FirstOrDefault(name => own.Contains(name)) ?? request.Kept.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? [.. request.Kept, .. own] : throw new InputException($"--keep {twice}: the predictions have a column {twice} already.");
    }

    /// <summary>Writes a prediction.</summary>
    public abstract void Write(Prediction prediction);

    /// <summary>Closes what the writer opened.</summary>
    public virtual void Dispose() { }

    private static string Joined(IReadOnlyList<string> notes) => string.Join("; ", notes);

    /// <summary>Tabs between a label, its probability, those of further labels, kept columns, the text and, where there are any, notes.</summary>
    public sealed class Lines(TextWriter output) : PredictionWriter
    {
        public override void Write(Prediction prediction)
        {
            string[] fields =
            [
                prediction.Label, Number(prediction.Best[0].Probability),
                .. prediction.Best.Skip(1).SelectMany(other => (string[])[other.Label, Number(other.Probability)]),
                .. prediction.All.Select(label => $"{label.Label}={Number(label.Probability)}"),
                .. prediction.Kept, prediction.Text,
                .. prediction.Notes.Count > 0 ? [$"({Joined(prediction.Notes)})"] : (string[])[],
            ];
            output.WriteLine(string.Join('\t', fields.Select(field => field.ReplaceLineEndings(" ").Replace('\t', ' '))));
        }

        private static string Number(float probability) => probability.ToString("0.0000", CultureInfo.InvariantCulture);
    }

    /// <summary>A line of JSON each.</summary>
    /// <param name="kept">The kept columns' names.</param>
    public sealed class Json(TextWriter output, IReadOnlyList<string> kept) : PredictionWriter
    {
        public override void Write(Prediction prediction)
        {
            var fields = new Dictionary<string, object> { ["text"] = prediction.Text, ["label"] = prediction.Label, ["probability"] = prediction.Best[0].Probability };
            if (prediction.Best.Count > 1) fields["best"] = prediction.Best.Select(best => new { label = best.Label, probability = best.Probability });
            if (prediction.All.Count > 0) fields["probabilities"] = prediction.All.ToDictionary(label => label.Label, label => label.Probability);
            if (kept.Count > 0) fields["kept"] = kept.Zip(prediction.Kept).ToDictionary(column => column.First, column => column.Second);
            fields["notes"] = prediction.Notes;
            output.WriteLine(JsonSerializer.Serialize(fields));
        }
    }

    /// <summary>A CSV file.</summary>
    public sealed class Csv : PredictionWriter
    {
        private readonly CsvTable _csv;

        /// <summary>Begins the file.</summary>
        /// <param name="columns">Its header, as <see cref="CsvColumns"/> gives it.</param>
        public Csv(string path, IReadOnlyList<string> columns)
        {
            _csv = new(path);
            _csv.Write(columns);
        }

        public override void Write(Prediction prediction) => _csv.Write(
        [
            .. prediction.Kept, prediction.Text, prediction.Label, prediction.Best[0].Probability,
            .. prediction.Best.Skip(1).SelectMany(other => (object[])[other.Label, other.Probability]),
            .. prediction.All.Select(label => (object)label.Probability),
            Joined(prediction.Notes),
        ]);

        public override void Dispose()
        {
            _csv.Dispose();
            base.Dispose();
        }
    }
}
