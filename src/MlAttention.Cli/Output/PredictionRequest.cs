using MlAttention.Cli.Commands;

namespace MlAttention.Cli.Output;

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
