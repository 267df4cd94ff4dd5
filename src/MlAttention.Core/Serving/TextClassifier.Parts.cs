using MlAttention.Core.Serving;
using MlAttention.Core.Text;

namespace MlAttention;

// Texts of several parts, such as a question and its answer.
public sealed partial class TextClassifier
{
    private static readonly string[] s_ordinals = ["First", "Second"];

    /// <summary>The texts that are classified together: 1, or as many as the columns that its pipeline's TokenizeSequence read.</summary>
    public int PartCount => _parts.Tokenizer.PartCount;

    /// <summary>The classifier of a pretrained encoder that was trained as one of several texts together, such as a cross-encoder of pairs.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="parts">Texts that are classified together, 2 or more; 1 for single texts.</param>
    /// <exception cref="ArgumentException">The encoder has no head, or its tokenizer's files do not tell how several texts stand together.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture; the message says why.</exception>
    public static TextClassifier FromPretrained(PretrainedEncoder encoder, int parts)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        if (parts == 1) return FromPretrained(encoder);
        var tokenizer = new TokenizeSequenceOptions
        {
            Tokenizer = TokenizerKind.Pretrained, Pretrained = encoder.Tokenizer,
            InputColumnNames = [.. Enumerable.Range(0, parts).Select(part => part < s_ordinals.Length ? s_ordinals[part] : FormattableString.Invariant($"Text{part + 1}"))],
        };
        tokenizer.Validate();
        return FromPretrained(encoder, tokenizer, architecture => TextParts.Of(tokenizer, new Vocabulary(encoder.Tokenizer.Tokens))!.ApplyTo(architecture));
    }

    /// <summary>The most probable label of a pair of texts.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <exception cref="InvalidOperationException">The classifier reads another number of texts together: <see cref="PartCount"/>.</exception>
    public TextPrediction Predict(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        Require(TaskKind.SingleLabel);
        using var scoring = _scorings.Borrow();
        return Best(Score(scoring.Value, first, second));
    }

    /// <summary>The probability of each label for a pair of texts.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <param name="probabilities">[C]: receives the probabilities, in the order of <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">The span has not one place for each label.</exception>
    /// <exception cref="InvalidOperationException">The classifier reads another number of texts together: <see cref="PartCount"/>.</exception>
    public void Predict(ReadOnlySpan<char> first, ReadOnlySpan<char> second, Span<float> probabilities)
    {
        Require(TaskKind.SingleLabel, TaskKind.MultiLabel);
        RequirePlaces(probabilities);
        using var scoring = _scorings.Borrow();
        Score(scoring.Value, first, second).CopyTo(probabilities);
    }

    /// <summary>The most probable label of each of several pairs. Short ones go through the model together, which takes less time.</summary>
    /// <param name="pairs">N pairs of texts.</param>
    /// <param name="cancellationToken">Stops between pairs.</param>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="InvalidOperationException">The classifier reads another number of texts together: <see cref="PartCount"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TextPrediction[] Predict(IReadOnlyList<(string First, string Second)> pairs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Require(TaskKind.SingleLabel);
        RequireParts(2);
        return PredictTogether(pairs.Count, (batch, from, ref cut) => batch.SetTogether(pairs, from, cancellationToken, ref cut));
    }

    /// <summary>The most probable label of texts that belong together, of any number.</summary>
    /// <param name="parts">As many texts as <see cref="PartCount"/> says.</param>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="InvalidOperationException">The classifier reads another number of texts together: <see cref="PartCount"/>.</exception>
    public TextPrediction PredictParts(params ReadOnlySpan<string> parts)
    {
        Require(TaskKind.SingleLabel);
        using var scoring = _scorings.Borrow();
        return Best(Score(scoring.Value, parts));
    }

    /// <summary>The probability of each label for texts that belong together.</summary>
    /// <param name="parts">As many texts as <see cref="PartCount"/> says.</param>
    /// <param name="probabilities">[C]: receives the probabilities, in the order of <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">A text is null, or the span has not one place for each label.</exception>
    /// <exception cref="InvalidOperationException">The classifier reads another number of texts together: <see cref="PartCount"/>.</exception>
    public void PredictParts(ReadOnlySpan<string> parts, Span<float> probabilities)
    {
        Require(TaskKind.SingleLabel, TaskKind.MultiLabel);
        RequirePlaces(probabilities);
        using var scoring = _scorings.Borrow();
        Score(scoring.Value, parts).CopyTo(probabilities);
    }

    /// <summary>The labels of a pair of texts, of none to all: those whose probability reaches its threshold, in the order of <see cref="Labels"/>.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <exception cref="InvalidOperationException">The classifier has another task than several labels, or reads another number of texts together.</exception>
    public IReadOnlyList<TextPrediction> PredictLabels(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        Require(TaskKind.MultiLabel);
        using var scoring = _scorings.Borrow();
        return Chosen(Score(scoring.Value, first, second));
    }

    /// <summary>The number of a pair of texts, such as how alike they are.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <exception cref="InvalidOperationException">The classifier has another task than a regression, or reads another number of texts together.</exception>
    public float PredictNumber(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        Require(TaskKind.Regression);
        using var scoring = _scorings.Borrow();
        return Score(scoring.Value, first, second)[0];
    }

    private ReadOnlySpan<float> Score(TextScoring scoring, ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        RequireParts(2);
        return Scored(scoring, scoring.Texts.Set(0, first, second));
    }

    private ReadOnlySpan<float> Score(TextScoring scoring, ReadOnlySpan<string> parts)
    {
        RequireParts(parts.Length);
        for (int part = 0; part < parts.Length; part++)
            if (parts[part] is null) throw new ArgumentException($"Part {part} is null.", nameof(parts));
        return parts.Length == 1 ? Score(scoring, parts[0]) : Scored(scoring, scoring.Texts.Set(0, parts));
    }

    private ReadOnlySpan<float> Scored(TextScoring scoring, int cutTokens)
    {
        if (cutTokens > 0) Interlocked.Increment(ref _truncatedTexts);
        scoring.Run(1);
        return scoring.Probabilities(0);
    }

    private void RequirePlaces(Span<float> probabilities)
    {
        if (probabilities.Length != Labels.Count)
            throw new ArgumentException($"{nameof(probabilities)} must have one place for each of the {Labels.Count} labels; got {probabilities.Length}.", nameof(probabilities));
    }

    private void RequireParts(int given)
    {
        if (given == PartCount) return;
        string how = PartCount switch
        {
            1 => "Predict(text)",
            2 => "Predict(first, second)",
            _ => "PredictParts with all of them",
        };
        throw new InvalidOperationException(FormattableString.Invariant($"The classifier was trained on {PartCount} text(s) together ({string.Join(", ", _parts.Tokenizer.Inputs)}), and {given} text(s) are given: call {how}."));
    }
}
