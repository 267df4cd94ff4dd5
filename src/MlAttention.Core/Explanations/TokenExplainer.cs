namespace MlAttention.Core.Explanations;

/// <summary>
/// What each token of a text contributes to the log-odds of a class. Thread-safe.
/// </summary>
/// <remarks>
/// Let F be the log-odds, x the text's tokens and b the baseline's.
/// Leave-one-out: F(x) - F(x with b in the place of one token, or without it).
/// Integrated gradients: (e(x) - e(b)) · integral over a from 0 to 1 of dF/de at e(b) + a (e(x) - e(b)); their sum is F(x) - F(b).
/// Tokens that are no part of the text stay as they are and contribute 0: CLS, and the CLS and SEP of a pretrained encoder's tokenizer.
/// Source: Sundararajan, Taly and Yan 2017, equation 1;
/// Li, Monroe and Jurafsky 2016, equation 1.
/// </remarks>
internal sealed class TokenExplainer
{
    /// <summary>Tokens that go through the model in one call, or one text where it alone has more.</summary>
    private const int TogetherTokens = 2048;

    private readonly ISequenceScorer _scorer;
    private readonly EngineConfiguration _configuration;
    private readonly LeftOutToken _leftOut;
    private readonly LogOdds _logOdds;
    private readonly int _baseline;
    private readonly double[] _shares, _weights;

    /// <param name="scorer">The trained model.</param>
    /// <param name="configuration">Its architecture and sizes.</param>
    /// <param name="vocabulary">The tokens in the order of their keys; null when nothing says what they are.</param>
    /// <param name="options">What is left out, and how.</param>
    /// <exception cref="NotSupportedException">The model has an answer for each token.</exception>
    public TokenExplainer(ISequenceScorer scorer, EngineConfiguration configuration, IReadOnlyList<string>? vocabulary, ExplanationOptions options)
    {
        int size = configuration.EmbeddingRows - TokenIds.EmbeddingRows(0, configuration.Model);
        (_scorer, _configuration, _leftOut) = (scorer, configuration, options.LeftOut);
        _logOdds = new LogOdds(configuration.Model.Task);
        _baseline = BaselineToken.Of(options.Baseline, configuration.Model, size, vocabulary);
        (_shares, _weights) = GaussLegendre.Of(options.Steps);
    }

    /// <summary>Both methods, side by side.</summary>
    /// <param name="sequence">The text's tokens as a batch has them, CLS included.</param>
    /// <param name="target">The class.</param>
    public Explanation Explain(int[] sequence, int target)
    {
        int[] baseline = Baseline(sequence);
        float[] gradients = IntegratedGradients(sequence, target), leftOut = LeaveOneOut(sequence, target);
        var logits = Score([sequence, baseline]);
        int[] free = [.. Enumerable.Range(0, sequence.Length).Where(place => sequence[place] != baseline[place])];
        return new Explanation(gradients, leftOut)
        {
            LogOdds = _logOdds.Of(logits[0], target),
            BaselineLogOdds = _logOdds.Of(logits[1], target),
            Agreement = RankCorrelation.KendallTau([.. free.Select(place => gradients[place])], [.. free.Select(place => leftOut[place])]),
        };
    }

    /// <summary>What each token of the sequence contributes, in nats, as one method finds it.</summary>
    /// <inheritdoc cref="Explain"/>
    public float[] Contributions(ExplanationMethod method, int[] sequence, int target) =>
        method == ExplanationMethod.LeaveOneOut ? LeaveOneOut(sequence, target) : IntegratedGradients(sequence, target);

    /// <summary>From the numbers of a sequence to those of the text that it was made of: without CLS, and 0 for what was cut.</summary>
    /// <param name="contributions">One number for each token of the sequence.</param>
    /// <param name="keys">The text's keys.</param>
    public float[] OfKeys(float[] contributions, ReadOnlySpan<int> keys)
    {
        var model = _configuration.Model;
        var places = new PlacedKey[keys.Length];
        for (int place = 0; place < places.Length; place++) places[place] = new(keys[place], place);
        var read = new PlacedKey[model.Cut.Kept(keys.Length)];
        int count = model.Cut.Copy<PlacedKey>(places, read, new(model.SeparatorKey ?? -1, -1));
        float[] ofKeys = new float[keys.Length];
        for (int i = 0; i < count; i++)
            if (read[i].Place >= 0) ofKeys[read[i].Place] = contributions[model.SpecialTokens + i];
        return ofKeys;
    }

    private float[] IntegratedGradients(int[] sequence, int target)
    {
        int length = sequence.Length, rows = Together(length);
        int[] baseline = Baseline(sequence);
        float[] gradients = new float[rows * length];
        double[] sums = new double[length];
        for (int from = 0; from < _shares.Length; from += rows)
        {
            int count = Math.Min(rows, _shares.Length - from);
            var path = new TokenPath([.. Enumerable.Repeat(baseline, count).SelectMany(ids => ids)], [.. _shares.AsSpan(from, count).ToArray().Select(share => (float)share)],
                (_, logits) => _logOdds.ToGradient(logits, target));
            _scorer.PathGradients(Batch([.. Enumerable.Repeat(sequence, count)]), path, gradients);
            for (int row = 0; row < count; row++)
                for (int place = 0; place < length; place++) sums[place] += _weights[from + row] * gradients[row * length + place];
        }
        return [.. sums.Select(sum => (float)sum)];
    }

    private float[] LeaveOneOut(int[] sequence, int target)
    {
        int[] baseline = Baseline(sequence);
        int[] left = [.. Enumerable.Range(0, sequence.Length).Where(place => _leftOut == LeftOutToken.Removed ? IsOfText(sequence, place) : sequence[place] != baseline[place])];
        var scores = Score([sequence, .. left.Select(place => Without(sequence, place))]);
        float[] contributions = new float[sequence.Length];
        for (int i = 0; i < left.Length; i++) contributions[left[i]] = (float)(_logOdds.Of(scores[0], target) - _logOdds.Of(scores[i + 1], target));
        return contributions;
    }

    private int[] Without(int[] sequence, int place)
    {
        if (_leftOut == LeftOutToken.Removed) return [.. sequence[..place], .. sequence[(place + 1)..]];
        int[] replaced = [.. sequence];
        replaced[place] = _baseline;
        return replaced;
    }

    /// <summary>The sequence with the baseline in the place of all that is of the text.</summary>
    private int[] Baseline(int[] sequence) => [.. sequence.Select((token, place) => IsOfText(sequence, place) ? _baseline : token)];

    /// <summary>Whether a token is the text's own: the first and the last of a pretrained encoder's sequence are not, nor those like them in between, nor what separates texts.</summary>
    private bool IsOfText(int[] sequence, int place) => place >= _configuration.Model.SpecialTokens && sequence[place] != _configuration.Model.SeparatorKey
        && !(_configuration.Model.KeepBoundaries && (sequence[place] == sequence[0] || sequence[place] == sequence[^1]));

    private float[][] Score(int[][] sequences)
    {
        int classes = _configuration.Classes, rows = Together(sequences.Max(sequence => sequence.Length));
        return [.. sequences.Chunk(rows).SelectMany(some =>
        {
            float[] logits = new float[some.Length * classes];
            _scorer.Score(Batch(some), logits);
            return logits.Chunk(classes);
        })];
    }

    private static int Together(int length) => Math.Max(1, TogetherTokens / Math.Max(1, length));

    private static TokenBatch Batch(int[][] sequences)
    {
        int length = Math.Max(1, sequences.Max(sequence => sequence.Length));
        int[] tokens = new int[sequences.Length * length];
        for (int row = 0; row < sequences.Length; row++) sequences[row].CopyTo(tokens, row * length);
        return new TokenBatch { Rows = sequences.Length, Length = length, Tokens = tokens, Lengths = [.. sequences.Select(sequence => sequence.Length)] };
    }
}

/// <summary>What both methods find for a text: one number for each token of its sequence, in nats.</summary>
/// <param name="IntegratedGradients">By integrated gradients.</param>
/// <param name="LeaveOneOut">By leaving out one token.</param>
internal sealed record Explanation(float[] IntegratedGradients, float[] LeaveOneOut)
{
    /// <summary>The class's log-odds.</summary>
    public required double LogOdds { get; init; }

    /// <summary>Those of the baseline.</summary>
    public required double BaselineLogOdds { get; init; }

    /// <summary>Kendall's tau-b of the methods over the tokens that differ from the baseline; null where it does not exist.</summary>
    public required double? Agreement { get; init; }
}

/// <summary>A key and where it stands in a text; keys that are alike are equal, wherever they stand.</summary>
internal readonly record struct PlacedKey(int Key, int Place) : IEquatable<PlacedKey>
{
    public bool Equals(PlacedKey other) => Key == other.Key;

    public override int GetHashCode() => Key;
}
