using MlAttention.Cli.Input;

namespace MlAttention.Cli.Output;

/// <summary>A label with its probability.</summary>
/// <param name="Label">The label.</param>
/// <param name="Probability">From 0 to 1.</param>
internal readonly record struct LabelProbability(string Label, float Probability);

/// <summary>What is said of a text, whatever the form in which it is written.</summary>
internal sealed record Prediction
{
    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>The most probable label, or the one that stands for "unsure".</summary>
    public required string Label { get; init; }

    /// <summary>The most probable labels, as many as were asked for, the best one first.</summary>
    public required IReadOnlyList<LabelProbability> Best { get; init; }

    /// <summary>The probability of each of the model's labels; empty unless asked for.</summary>
    public required IReadOnlyList<LabelProbability> All { get; init; }

    /// <summary>The kept columns' values.</summary>
    public required IReadOnlyList<string> Kept { get; init; }

    /// <summary>What makes the prediction worth less than its probability; empty when nothing does.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

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
        return new()
        {
            Text = texts.Text,
            Label = isUnsure ? Unsure : best[0].Label,
            Best = best,
            All = All ? [.. texts.Labels.Zip(probabilities, (label, probability) => new LabelProbability(label, probability))] : [],
            Kept = [.. Kept.Select((_, column) => texts.Field(column))],
            Notes = [.. Notes(texts, isUnsure ? best[0].Label : null)],
        };
    }

    private static IEnumerable<string> Notes(ScoredTexts texts, string? unsureOf)
    {
        if (unsureOf is not null) yield return $"unsure, at best {unsureOf}";
        if (texts.Tokens.IsEmpty) yield return "empty";
        if (texts.Tokens.IsUnknown) yield return "no known word";
        if (texts.Tokens.IsCut) yield return FormattableString.Invariant($"cut to {texts.Tokens.Read} tokens");
    }
}
