using MlAttention.Core.Explanations;
using MlAttention.Core.Text;

namespace MlAttention.Core.Serving;

/// <summary>One thread's memory between texts and their probabilities, used again for every batch.</summary>
internal sealed class TextScoring(TextClassifierParts parts, Vocabulary vocabulary, ISequenceScorer scorer)
{
    private readonly int _classes = parts.Configuration.Classes;
    private readonly Objective _objective = Objective.Of(parts.Architecture.Task);
    private readonly float[] _probabilities = new float[TextBatch.TogetherTexts * parts.Configuration.Classes];

    /// <summary>The texts.</summary>
    public TextBatch Texts { get; } = new(parts.Tokenizer, vocabulary, parts.Architecture, TextBatch.TogetherTexts);

    /// <summary>Scores the first rows' texts.</summary>
    public void Run(int rows)
    {
        scorer.Score(Texts.Of(rows), _probabilities.AsSpan(0, rows * _classes));
        for (int row = 0; row < rows; row++) _objective.Activate(_probabilities.AsSpan(row * _classes, _classes));
    }

    /// <summary>What the tokens of the text that was scored first contribute to a class.</summary>
    public TextExplanation Explain(ReadOnlySpan<char> text, int target, ExplanationOptions options)
    {
        var tokens = Texts.Spell(text);
        var explainer = new TokenExplainer(scorer, parts.Configuration, parts.Vocabulary, options);
        var found = explainer.Explain(Texts.Sequence(0).ToArray(), target);
        int[] keys = new int[tokens.Length];       // of one text, which is cut whatever its keys are
        float[] gradients = explainer.OfKeys(found.IntegratedGradients, keys), leftOut = explainer.OfKeys(found.LeaveOneOut, keys);
        return new TextExplanation(parts.Labels[target], Probabilities(0)[target],
            [.. tokens.Select((token, i) => new ExplainedToken(token.Text, token.IsUnknown, gradients[i], leftOut[i]))])
        {
            LogOdds = found.LogOdds,
            BaselineLogOdds = found.BaselineLogOdds,
            Agreement = found.Agreement,
        };
    }

    /// <summary>The probability of each label of a row's text, or its number; valid until the next call.</summary>
    public ReadOnlySpan<float> Probabilities(int row) => _probabilities.AsSpan(row * _classes, _classes);
}

/// <summary>One thread's memory between the words of a text and their labels.</summary>
internal sealed class WordScoring(TextClassifierParts parts, Vocabulary vocabulary, ISequenceScorer scorer)
{
    private readonly WordsTokenizer _tokenizer = new(parts.Tokenizer, vocabulary);
    private readonly TokenMapper _mapper = new(parts.Architecture, vocabulary.Size);
    private readonly int _classes = parts.Labels.Count;
    private int[] _starts = [];
    private float[] _probabilities = [];

    /// <summary>Scores the words of a text.</summary>
    /// <returns>Tokens that were cut off it.</returns>
    /// <exception cref="ArgumentException">A word is null.</exception>
    public int Run(IReadOnlyList<string> words)
    {
        _tokenizer.Tokenize([.. words.Select((word, index) => (word ?? throw new ArgumentException($"Word {index} is null.", nameof(words))).AsMemory())]);
        var keys = MemoryMarshal.Cast<uint, int>(_tokenizer.Keys);
        int[] sequence = _mapper.FromKeys(keys);
        int[] places = _mapper.Places(keys.Length);
        _starts = [.. _tokenizer.Starts.ToArray().Select(start => start == 0 ? -1 : places[start - 1])];
        _probabilities = new float[Math.Max(1, sequence.Length) * _classes];
        scorer.Score(new TokenBatch { Rows = 1, Length = Math.Max(1, sequence.Length), Tokens = sequence.Length == 0 ? [0] : sequence, Lengths = [sequence.Length] }, _probabilities);
        foreach (int place in _starts.Where(place => place >= 0)) Softmax.InPlace(At(place));
        return _mapper.Cut(keys.Length);
    }

    /// <summary>The most probable label of a word.</summary>
    public TextPrediction Predict(int word)
    {
        if (_starts[word] < 0) return new("", 0);
        int best = Softmax.IndexOfLargest(At(_starts[word]));
        return new(parts.Labels[best], At(_starts[word])[best]);
    }

    private Span<float> At(int place) => _probabilities.AsSpan(place * _classes, _classes);
}
