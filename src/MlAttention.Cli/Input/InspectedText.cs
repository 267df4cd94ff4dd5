using MlAttention.Ablation.Runs;
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
    /// <exception cref="InputException">The model has no attention, or the text no tokens.</exception>
    public static InspectedText Read(MLContext context, ITransformer model, string[] given, string option)
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
        var pattern = AttentionReader.Read(trained, mapper.FromKeys(keys), vocabulary) with
        {
            UnknownWords = AttentionReader.UnknownWords(spelled, trained.Architecture, vocabulary),
            Probabilities = [.. transformed.GetColumn<float[]>("Score").Single().Select(probability => (double)probability)],
        };
        return new(string.Join(CsvSettings.BetweenParts, given), pattern, ScoredTexts.LabelsOf(classifier), mapper.Cut(keys.Length));
    }
}
