using MlAttention.Core.Managed;
using MlAttention.Core.Serving;
using MlAttention.Core.Text;

namespace MlAttention;

/// <summary>
/// Classifies texts with a trained model, without ML.NET and without native libraries: for services and tools that only score, also
/// trimmed or compiled ahead of time (Native AOT).
/// </summary>
/// <remarks>
/// It gives what the pipeline gives: the same tokenizer, vocabulary, truncation and weights. All members may be called from any number
/// of threads at once; a call runs on the caller's thread alone, and once a thread has called it, allocates nothing for ASCII texts.
/// </remarks>
/// <example><code source="TextClassifier_FromAPipeline">
/// mlContext.Model.SaveTextClassifier(model, "reviews.safetensors");   // after training, with ML.NET
/// var classifier = TextClassifier.Load("reviews.safetensors");        // anywhere
/// TextPrediction prediction = classifier.Predict("not bad at all");
/// Console.WriteLine($"{prediction.Label} {prediction.Probability:0.000}");
/// </code></example>
public sealed partial class TextClassifier
{
    private const string HowToWrite = "Write one with mlattention export model.zip -o model.safetensors, or with mlContext.Model.SaveTextClassifier.";

    private readonly TextClassifierParts _parts;
    private readonly IdleObjects<TextScoring> _scorings;
    private readonly IdleObjects<WordScoring>? _words;
    private long _truncatedTexts;

    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture; the message says why.</exception>
    /// <exception cref="ArgumentException">The weights, the vocabulary or the labels do not fit the architecture.</exception>
    internal TextClassifier(TextClassifierParts parts)
    {
        _parts = parts with { Weights = [] };      // the scorer has its own
        var vocabulary = new Vocabulary(parts.Vocabulary);
        TextParts.Of(parts.Tokenizer, vocabulary)?.ApplyTo(parts.Architecture);
        var engines = new EngineFactory(new ManagedEngineProvider()) { Refusal = (_, reason) => $"A text classifier runs on the managed engine, and {reason}" };
        var scorer = engines.CreateScorer(parts.Configuration, parts.Weights);
        _scorings = new IdleObjects<TextScoring>(() => new TextScoring(_parts, vocabulary, scorer));
        if (Task == TaskKind.TokenLabels) _words = new IdleObjects<WordScoring>(() => new WordScoring(_parts, vocabulary, scorer));
    }

    /// <summary>What the classifier was trained for: <see cref="PredictLabels(ReadOnlySpan{char})"/>, <see cref="PredictNumber(ReadOnlySpan{char})"/> and <see cref="PredictWords"/> belong to the other tasks than one label.</summary>
    public TaskKind Task => _parts.Architecture.Task;

    /// <summary>The labels in the order of the classes; none for a number.</summary>
    public IReadOnlyList<string> Labels => _parts.Labels;

    /// <summary>Texts cut to the maximum length so far.</summary>
    public long TruncatedTexts => Interlocked.Read(ref _truncatedTexts);

    /// <summary>Loads a classifier that was written by <c>mlContext.Model.SaveTextClassifier</c> or <c>mlattention export</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, an ML.NET model, holds weights alone, or was written by a newer version.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture; the message says why.</exception>
    public static TextClassifier Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file. {HowToWrite}", path);
        try
        {
            return new TextClassifier(TextClassifierFile.Read(path));
        }
        catch (InvalidDataException exception) when (IsZip(path))
        {
            throw new InvalidDataException($"{path}: is an ML.NET model, and what is needed is a text classifier's file. {HowToWrite}", exception);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>The classifier of a pretrained encoder that was trained as one: of a Hugging Face folder with a head and labels.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <exception cref="ArgumentException">The encoder has no head: its folder is not that of a classifier.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture; the message says why.</exception>
    public static TextClassifier FromPretrained(PretrainedEncoder encoder) => FromPretrained(encoder, new() { Tokenizer = TokenizerKind.Pretrained, Pretrained = encoder?.Tokenizer }, architecture => architecture);

    private static TextClassifier FromPretrained(PretrainedEncoder? encoder, TokenizeSequenceOptions tokenizer, Func<SequenceModelOptions, SequenceModelOptions> read)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.Labels.Count == 0)
            throw new ArgumentException($"The encoder '{encoder.Name}' has no labels: its folder is not that of a classifier (a model ...ForSequenceClassification). Fine-tune it first, with mlContext.Attention().PretrainedClassifier(encoder).", nameof(encoder));
        return new TextClassifier(new TextClassifierParts
        {
            Tokenizer = tokenizer,
            Vocabulary = encoder.Tokenizer.Tokens,
            Architecture = read(encoder.Architecture),
            Labels = encoder.Labels,
            Weights = [.. encoder.Weights, .. encoder.HeadWeights],
        });
    }

    /// <summary>The most probable label of a text.</summary>
    /// <param name="text">The text; an empty one is a sequence without tokens.</param>
    /// <exception cref="InvalidOperationException">The classifier has another task than one label.</exception>
    public TextPrediction Predict(ReadOnlySpan<char> text)
    {
        Require(TaskKind.SingleLabel);
        using var scoring = _scorings.Borrow();
        return Best(Score(scoring.Value, text));
    }

    /// <summary>The probability of each label.</summary>
    /// <param name="text">The text; an empty one is a sequence without tokens.</param>
    /// <param name="probabilities">[C]: receives the probabilities, in the order of <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">The span has not one place for each label.</exception>
    /// <exception cref="InvalidOperationException">The classifier gives numbers, or labels of words.</exception>
    public void Predict(ReadOnlySpan<char> text, Span<float> probabilities)
    {
        Require(TaskKind.SingleLabel, TaskKind.MultiLabel);
        RequirePlaces(probabilities);
        using var scoring = _scorings.Borrow();
        Score(scoring.Value, text).CopyTo(probabilities);
    }

    /// <summary>The most probable label of each of several texts. Short texts go through the model together, which takes less time.</summary>
    /// <param name="texts">N texts; an empty one is a sequence without tokens.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The classifier has another task than one label.</exception>
    public TextPrediction[] Predict(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Require(TaskKind.SingleLabel);
        RequireParts(1);
        return PredictTogether(texts.Count, (batch, from, ref cut) => batch.SetTogether(texts, from, cancellationToken, ref cut));
    }

    /// <summary>Which tokens of a text speak for a label and which against it, by two methods, and whether these agree.</summary>
    /// <param name="text">The text.</param>
    /// <param name="label">The label; null for the most probable one.</param>
    /// <param name="options">What stands for a token that is not there, and how exactly is integrated; null for the defaults.</param>
    /// <remarks>It takes about as long as scoring three texts for each step, and one for each token.</remarks>
    /// <exception cref="ArgumentException">There is no such label, or an option is out of range; the message says which.</exception>
    /// <exception cref="InvalidOperationException">The classifier has another task than labels of a text.</exception>
    /// <example><code source="TextClassifier_Explain">
    /// TextExplanation explanation = classifier.Explain("not bad at all");
    /// foreach (ExplainedToken token in explanation.Tokens) Console.WriteLine($"{token.IntegratedGradients,7:+0.00;-0.00} {token.LeaveOneOut,7:+0.00;-0.00} {token.Text}");
    /// Console.WriteLine($"for {explanation.Label}; the methods agree by {explanation.Agreement:0.00}");
    /// </code></example>
    public TextExplanation Explain(ReadOnlySpan<char> text, string? label = null, ExplanationOptions? options = null)
    {
        Require(TaskKind.SingleLabel, TaskKind.MultiLabel);
        int? target = label is null ? null : ClassOf(label);
        options ??= new ExplanationOptions();
        options.Validate();
        using var scoring = _scorings.Borrow();
        var probabilities = Score(scoring.Value, text);
        return scoring.Value.Explain(text, target ?? BestClass(probabilities), options);
    }

    private int ClassOf(string label)
    {
        for (int c = 0; c < Labels.Count; c++)
            if (Labels[c] == label) return c;
        throw new ArgumentException($"The classifier has no label '{label}'; its labels are {SafetensorsReader.List(Labels)}.", nameof(label));
    }

    /// <summary>The labels of a text, of none to all: those whose probability reaches its threshold, in the order of <see cref="Labels"/>.</summary>
    /// <param name="text">The text; an empty one is a sequence without tokens.</param>
    /// <exception cref="InvalidOperationException">The classifier has another task than several labels.</exception>
    public IReadOnlyList<TextPrediction> PredictLabels(ReadOnlySpan<char> text)
    {
        Require(TaskKind.MultiLabel);
        using var scoring = _scorings.Borrow();
        return Chosen(Score(scoring.Value, text));
    }

    /// <summary>The number of a text.</summary>
    /// <param name="text">The text; an empty one is a sequence without tokens.</param>
    /// <exception cref="InvalidOperationException">The classifier has another task than a regression.</exception>
    public float PredictNumber(ReadOnlySpan<char> text)
    {
        Require(TaskKind.Regression);
        using var scoring = _scorings.Borrow();
        return Score(scoring.Value, text)[0];
    }

    /// <summary>The most probable label of each word of a text; of words beyond the longest sequence, and without a token, an empty one of probability 0.</summary>
    /// <param name="words">The words.</param>
    /// <exception cref="ArgumentException">A word is null.</exception>
    /// <exception cref="InvalidOperationException">The classifier has another task than labels of tokens.</exception>
    public TextPrediction[] PredictWords(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        Require(TaskKind.TokenLabels);
        using var scoring = _words!.Borrow();
        if (scoring.Value.Run(words) > 0) Interlocked.Increment(ref _truncatedTexts);
        return [.. Enumerable.Range(0, words.Count).Select(scoring.Value.Predict)];
    }

    private void Require(params ReadOnlySpan<TaskKind> tasks)
    {
        if (tasks.Contains(Task)) return;
        string call = Task switch
        {
            TaskKind.MultiLabel => nameof(PredictLabels),
            TaskKind.TokenLabels => nameof(PredictWords),
            TaskKind.Regression => nameof(PredictNumber),
            _ => nameof(Predict),
        };
        throw new InvalidOperationException($"This classifier was trained for {Task}: call {call}.");
    }

    private static bool IsZip(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PK\u0003\u0004"u8);
    }

    private ReadOnlySpan<float> Score(TextScoring scoring, ReadOnlySpan<char> text)
    {
        RequireParts(1);
        if (scoring.Texts.Set(0, text) > 0) Interlocked.Increment(ref _truncatedTexts);
        scoring.Run(1);
        return scoring.Probabilities(0);
    }

    private TextPrediction[] PredictTogether(int count, SetTogether set)
    {
        var predictions = new TextPrediction[count];
        using var scoring = _scorings.Borrow();
        for (int from = 0, rows; from < count; from += rows)
        {
            long cut = 0;
            rows = set(scoring.Value.Texts, from, ref cut);
            Interlocked.Add(ref _truncatedTexts, cut);
            scoring.Value.Run(rows);
            for (int row = 0; row < rows; row++) predictions[from + row] = Best(scoring.Value.Probabilities(row));
        }
        return predictions;
    }

    private List<TextPrediction> Chosen(ReadOnlySpan<float> probabilities)
    {
        var labels = new List<TextPrediction>();
        for (int c = 0; c < probabilities.Length; c++)
            if (probabilities[c] >= (_parts.Thresholds.Count > 0 ? (float)_parts.Thresholds[c] : MultiLabelObjective.DefaultThreshold)) labels.Add(new(Labels[c], probabilities[c]));
        return labels;
    }

    /// <summary>Sets the texts from one on that go through the model together, and tells how many.</summary>
    private delegate int SetTogether(TextBatch batch, int from, ref long cutTexts);

    private TextPrediction Best(ReadOnlySpan<float> probabilities)
    {
        int best = BestClass(probabilities);
        return new TextPrediction(Labels[best], probabilities[best]);
    }

    private int BestClass(ReadOnlySpan<float> probabilities) =>
        _parts.Thresholds is [_, var threshold] ? probabilities[1] >= (float)threshold ? 1 : 0 : Softmax.IndexOfLargest(probabilities);
}

/// <summary>What a text is.</summary>
/// <param name="Label">The most probable label.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
public readonly record struct TextPrediction(string Label, float Probability);
