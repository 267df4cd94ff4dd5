using MlAttention.Data;
using MlAttention.Engines;
using MlAttention.Engines.Managed;
using MlAttention.Text;

namespace MlAttention.Serving;

/// <summary>
/// Classifies texts with a trained model, without ML.NET and without native libraries: for services and tools that only score, also
/// trimmed or compiled ahead of time (Native AOT).
/// </summary>
/// <remarks>
/// It gives what the pipeline gives: the same tokenizer, vocabulary, truncation and weights. All members may be called from any number
/// of threads at once; a call runs on the caller's thread alone, and once a thread has called it, allocates nothing for ASCII texts.
/// </remarks>
/// <example><code>
/// mlContext.Model.SaveTextClassifier(model, "reviews.safetensors");   // after training, with ML.NET
/// var classifier = TextClassifier.Load("reviews.safetensors");        // anywhere
/// TextPrediction prediction = classifier.Predict("not bad at all");
/// Console.WriteLine($"{prediction.Label} {prediction.Probability:0.000}");
/// </code></example>
public sealed class TextClassifier
{
    private readonly TextClassifierParts _parts;
    private readonly IdleObjects<TextScoring> _scorings;
    private long _truncatedTexts;

    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture; the message says why.</exception>
    /// <exception cref="ArgumentException">The weights, the vocabulary or the labels do not fit the architecture.</exception>
    internal TextClassifier(TextClassifierParts parts)
    {
        _parts = parts;
        var vocabulary = new Vocabulary(parts.Vocabulary);
        var engines = new EngineFactory(new ManagedEngineProvider()) { Refusal = (_, reason) => $"A text classifier runs on the managed engine, and {reason}" };
        var configuration = new EngineConfiguration(parts.Architecture, TokenIds.EmbeddingRows(vocabulary.Size, parts.Architecture), parts.Labels.Count);
        var scorer = engines.CreateScorer(configuration, parts.Weights);
        _scorings = new IdleObjects<TextScoring>(() => new TextScoring(parts, vocabulary, scorer));
    }

    /// <summary>The labels in the order of the classes.</summary>
    public IReadOnlyList<string> Labels => _parts.Labels;

    /// <summary>Texts cut to the maximum length so far.</summary>
    public long TruncatedTexts => Interlocked.Read(ref _truncatedTexts);

    /// <summary>Loads a classifier that was written by <c>mlContext.Model.SaveTextClassifier</c> or <c>mlattention export</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, holds weights alone, or was written by a newer version.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture; the message says why.</exception>
    public static TextClassifier Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var parts = TextClassifierFile.Read(path);
        try
        {
            return new TextClassifier(parts);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>The most probable label of a text.</summary>
    /// <param name="text">The text; an empty one is a sequence without tokens.</param>
    public TextPrediction Predict(ReadOnlySpan<char> text)
    {
        var scoring = _scorings.Take();
        try
        {
            var probabilities = Score(scoring, text);
            int best = Softmax.IndexOfLargest(probabilities);
            return new TextPrediction(Labels[best], probabilities[best]);
        }
        finally
        {
            _scorings.Return(scoring);
        }
    }

    /// <summary>The probability of each label.</summary>
    /// <param name="text">The text; an empty one is a sequence without tokens.</param>
    /// <param name="probabilities">[C]: receives the probabilities, in the order of <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">The span has not one place for each label.</exception>
    public void Predict(ReadOnlySpan<char> text, Span<float> probabilities)
    {
        if (probabilities.Length != Labels.Count)
            throw new ArgumentException($"{nameof(probabilities)} must have one place for each of the {Labels.Count} labels; got {probabilities.Length}.", nameof(probabilities));
        var scoring = _scorings.Take();
        try
        {
            Score(scoring, text).CopyTo(probabilities);
        }
        finally
        {
            _scorings.Return(scoring);
        }
    }

    private ReadOnlySpan<float> Score(TextScoring scoring, ReadOnlySpan<char> text)
    {
        var probabilities = scoring.Score(text, out bool truncated);
        if (truncated) Interlocked.Increment(ref _truncatedTexts);
        return probabilities;
    }
}
