using MlAttention.Core.Managed;
using MlAttention.Core.Serving;
using MlAttention.Core.Text;

namespace MlAttention;

/// <summary>
/// Turns texts into vectors with a pretrained encoder, without ML.NET and without native libraries: for search, clustering and
/// comparison of texts, also trimmed or compiled ahead of time (Native AOT).
/// </summary>
/// <remarks>
/// All members may be called from any number of threads at once; a call runs on the caller's thread alone, and once a thread has
/// called it, <see cref="Embed(ReadOnlySpan{char}, Span{float})"/> allocates nothing for ASCII texts. A text has the same vector alone
/// and among others, to the bit.
/// </remarks>
/// <example><code source="TextEmbedder_FromAFolder">
/// var embedder = TextEmbedder.Load("minilm", new TextEmbedderOptions { Normalize = true });
/// float[] soup = embedder.Embed("the soup was warm"), bread = embedder.Embed("the bread was warm");
/// float cosine = soup.Zip(bread, (one, other) =&gt; one * other).Sum();     // of vectors of length 1
/// Console.WriteLine($"{embedder.Dimension} numbers, cosine {cosine:0.000}");
/// </code></example>
public sealed class TextEmbedder
{
    private readonly Vocabulary _vocabulary;
    private readonly ISequenceScorer _scorer;
    private readonly IdleObjects<EmbeddingBatch> _batches;
    private long _truncatedTexts;

    /// <summary>An embedder of an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="options">How a text becomes one vector; null for what the encoder's folder says.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such value.</exception>
    public TextEmbedder(PretrainedEncoder encoder, TextEmbedderOptions? options = null)
        : this(TextEmbedderParts.Of(encoder ?? throw new ArgumentNullException(nameof(encoder)), options ?? new())) { }

    /// <exception cref="ArgumentException">The weights or the vocabulary do not fit the architecture.</exception>
    internal TextEmbedder(TextEmbedderParts parts)
    {
        Parts = parts with { Weights = [] };      // the scorer has its own
        _vocabulary = new Vocabulary(parts.Tokenizer.Tokens);
        var engines = new EngineFactory(new ManagedEngineProvider()) { Refusal = (_, reason) => $"A text embedder runs on the managed engine, and {reason}" };
        var configuration = new EngineConfiguration(parts.Architecture, TokenIds.EmbeddingRows(_vocabulary.Size, parts.Architecture), Classes: 0);
        _scorer = engines.CreateScorer(configuration, parts.Weights);
        _batches = new IdleObjects<EmbeddingBatch>(() => NewBatch(TextBatch.TogetherTexts));
    }

    /// <summary>Numbers in a vector, the model's width D.</summary>
    public int Dimension => Parts.Architecture.ModelWidth;

    /// <summary>Reads a Hugging Face folder, with what it says of pooling and normalisation.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How a text becomes one vector; null for what the folder says.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A file or a tensor is missing, damaged, or of a kind that is not supported; the message names it and what is.</exception>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such value.</exception>
    public static TextEmbedder Load(string folder, TextEmbedderOptions? options = null) => new(PretrainedEncoder.Load(folder), options);

    /// <summary>Longest text in tokens, with those that the tokenizer puts around it; what is longer is cut and counted.</summary>
    public int MaxLength => Parts.Architecture.MaxLength;

    /// <summary>What the encoder is called: its folder's name.</summary>
    public string Name => Parts.Name;

    /// <summary>How the tokens' vectors become one.</summary>
    public PoolingKind Pooling => Parts.Architecture.Pooling;

    /// <summary>Whether vectors have length 1, so that their dot product is their cosine.</summary>
    public bool Normalizes => Parts.Normalizes;

    /// <summary>Texts cut to the maximum length so far.</summary>
    public long TruncatedTexts => Interlocked.Read(ref _truncatedTexts);

    internal TextEmbedderParts Parts { get; }

    /// <summary>The vector of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vector">[D]: receives the vector.</param>
    /// <exception cref="ArgumentException">The span has not <see cref="Dimension"/> places.</exception>
    public void Embed(ReadOnlySpan<char> text, Span<float> vector)
    {
        if (vector.Length != Dimension) throw new ArgumentException($"{nameof(vector)} must have {Dimension} places; got {vector.Length}.", nameof(vector));
        using var batch = _batches.Borrow();
        if (batch.Value.Texts.Set(0, text) > 0) Interlocked.Increment(ref _truncatedTexts);
        batch.Value.Run(1, vector);
    }

    /// <summary>The vector [D] of a text.</summary>
    /// <param name="text">The text.</param>
    public float[] Embed(ReadOnlySpan<char> text)
    {
        var vector = new float[Dimension];
        Embed(text, vector);
        return vector;
    }

    /// <summary>The vectors of texts, one after another. Short texts go through the model together, which takes less time.</summary>
    /// <param name="texts">N texts.</param>
    /// <param name="vectors">[N,D]: receives the vectors.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    /// <exception cref="ArgumentException">A text is null, or the span has not <see cref="Dimension"/> places for each text.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Embed(IReadOnlyList<string> texts, Span<float> vectors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (vectors.Length != (long)texts.Count * Dimension)
            throw new ArgumentException($"{nameof(vectors)} must have {Dimension} places for each of the {texts.Count} texts; got {vectors.Length}.", nameof(vectors));
        using var batch = _batches.Borrow();
        for (int from = 0, rows; from < texts.Count; from += rows)
        {
            long cut = 0;
            rows = batch.Value.Texts.SetTogether(texts, from, cancellationToken, ref cut);
            Interlocked.Add(ref _truncatedTexts, cut);
            batch.Value.Run(rows, vectors.Slice(from * Dimension, rows * Dimension));
        }
    }

    /// <summary>Memory for another who makes batches of texts, on one thread at a time.</summary>
    internal EmbeddingBatch NewBatch(int capacity) => new(Parts, _vocabulary, _scorer, capacity);
}

/// <summary>How a text becomes one vector.</summary>
public sealed record TextEmbedderOptions
{
    /// <summary>How the tokens' vectors become one.</summary>
    /// <value>Mean, Max, First or Last; default null, what the encoder's folder says, or else the mean.</value>
    public PoolingKind? Pooling { get; init; }

    /// <summary>Whether vectors are scaled to length 1.</summary>
    /// <value>Default null: what the encoder's folder says.</value>
    public bool? Normalize { get; init; }

    /// <summary>Longest text in tokens, with those that the tokenizer puts around it.</summary>
    /// <value>From 3 tokens to what the encoder has positions for; default null, what the encoder's folder says.</value>
    public int? MaxLength { get; init; }
}
