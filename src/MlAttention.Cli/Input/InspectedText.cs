using MlAttention.Ablation.Runs;
using MlAttention.Core.Objectives;
using MlAttention.Core.Sequences;
using MlAttention.Core.Text.Subwords;
using MlAttention.Schema;

namespace MlAttention.Cli.Input;

/// <summary>What a saved classifier says of one text, and what its heads look at.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pattern">The weights of all heads, with the probability of each class and the words that the model does not know.</param>
/// <param name="Labels">The classes.</param>
/// <param name="CutTokens">Tokens beyond the longest text that the model reads.</param>
internal sealed record InspectedText(string Text, AttentionPattern Pattern, IReadOnlyList<string> Labels, int CutTokens)
{
    /// <summary>The most probable class.</summary>
    public int Predicted => Pattern.Probabilities!.Index().MaxBy(probability => probability.Item).Index;

    /// <summary>Its probability.</summary>
    public double Probability => Pattern.Probabilities![Predicted];

    /// <summary>Reads a text.</summary>
    /// <param name="given">The text, or its parts.</param>
    /// <param name="option">What the text was given as, for errors.</param>
    /// <param name="label">The class whose deciding words are asked for; null for the predicted one.</param>
    /// <param name="explanation">How contributions are measured.</param>
    /// <exception cref="InputException">The model has no attention or no such class, or the text has no tokens.</exception>
    public static InspectedText Read(MLContext context, ITransformer model, string[] given, string option, string? label, ExplanationOptions explanation)
    {
        var classifier = SavedModel.ClassifierOf(model);
        var trained = classifier.Model;
        if (trained.Architecture.Encoder != EncoderKind.Attention) throw new InputException($"The model's encoder is {trained.Architecture.Encoder}, which has no attention to show.");
        var parts = SavedModel.PartsOf(model);
        if (given.Length != (parts?.Count ?? 1)) throw new InputException(FormattableString.Invariant($"The {option} has {given.Length} parts; the model reads {parts?.Count ?? 1}{(parts is null ? "" : $" together: {string.Join(", ", parts)}")}."));
        var transformed = SavedModel.Score(context, model, TextRows.Of(given, parts));
        int[] keys = [.. transformed.GetColumn<uint[]>(classifier.FeatureColumnName).Single().Select(key => (int)key)];
        if (keys.Length == 0) throw new InputException($"The {option} has no tokens.");
        var (mapper, vocabulary) = (new TokenMapper(trained.Architecture, trained.VocabularySize), transformed.Schema[classifier.FeatureColumnName].KeyTexts());
        var spelled = SavedModel.TokenizerStepOf(model)?.Spell(given) ?? [.. keys.Select(key => new SpelledToken(key == 0 ? "[unknown]" : vocabulary[key - 1], IsUnknown: key == 0))];
        int[] sequence = mapper.FromKeys(keys);
        float[] probabilities = transformed.GetColumn<float[]>("Score").Single();
        int explained = label is null ? Softmax.IndexOfLargest(probabilities) : ClassOf(label, ScoredTexts.LabelsOf(classifier));
        var pattern = AttentionReader.Read(trained, sequence, vocabulary) with
        {
            UnknownWords = AttentionReader.UnknownWords(spelled, trained.Architecture, vocabulary),
            Probabilities = [.. probabilities.Select(probability => (double)probability)],
            Contributions = new ContributionReader(trained.Scorer, trained.Configuration, vocabulary, explanation).Read(sequence, explained),
        };
        return new(string.Join(CsvSettings.BetweenParts, given), pattern, ScoredTexts.LabelsOf(classifier), mapper.Cut(keys.Length));
    }

    private static int ClassOf(string label, IReadOnlyList<string> labels)
    {
        int found = labels.ToList().IndexOf(label);
        return found >= 0 ? found : throw new InputException($"--label {label}: the model has no such label; its labels are {string.Join(", ", labels)}.");
    }
}
