using Microsoft.Extensions.AI;

namespace MlAttention;

/// <summary>A pretrained encoder as Microsoft.Extensions.AI's generator of embeddings: for vector stores, and for whatever else asks for one.</summary>
/// <remarks>
/// All members may be called from any number of threads at once; a call embeds its texts on one thread of the pool. Nothing leaves
/// the machine. The embedder belongs to whoever made it.
/// </remarks>
public sealed class TextEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ProviderName = "MlAttention";

    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>A generator over an embedder.</summary>
    /// <param name="embedder">The embedder.</param>
    public TextEmbeddingGenerator(TextEmbedder embedder)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        Embedder = embedder;
        _metadata = new EmbeddingGeneratorMetadata(ProviderName, providerUri: null, embedder.Name, embedder.Dimension);
    }

    /// <summary>What turns a text into a vector.</summary>
    public TextEmbedder Embedder { get; }

    /// <summary>The vectors of texts, in their order.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">May name this model and its dimensions; others it cannot give.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    /// <exception cref="ArgumentException">A text is null, or the options ask for another model or for other dimensions.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != Embedder.Dimension)
            throw new ArgumentException($"Dimensions = {dimensions}: the encoder '{Embedder.Name}' gives vectors of {Embedder.Dimension} numbers; ask for these, or for none in particular.", nameof(options));
        if (options?.ModelId is { } model && model != Embedder.Name)
            throw new ArgumentException($"ModelId = '{model}': this generator has the encoder '{Embedder.Name}' alone.", nameof(options));
        string[] texts = [.. values];
        if (texts.Contains(null)) throw new ArgumentException($"Text {Array.IndexOf(texts, null)} is null.", nameof(values));
        return Task.Run(() => Generate(texts, cancellationToken), cancellationToken);
    }

    /// <summary>This generator, its metadata or its embedder, when their type is asked for.</summary>
    /// <param name="serviceType">The type that is asked for.</param>
    /// <param name="serviceKey">Nothing here has a key: one that is given finds nothing.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return new object[] { this, _metadata, Embedder }.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    /// <summary>Does nothing: what the generator holds needs no disposal.</summary>
    public void Dispose() { }

    private GeneratedEmbeddings<Embedding<float>> Generate(string[] texts, CancellationToken cancellationToken)
    {
        int dimension = Embedder.Dimension;
        var vectors = new float[texts.Length * dimension];
        Embedder.Embed(texts, vectors, cancellationToken);
        var created = DateTimeOffset.UtcNow;
        return new(texts.Select((_, i) => new Embedding<float>(vectors.AsMemory(i * dimension, dimension)) { ModelId = Embedder.Name, CreatedAt = created }));
    }
}
