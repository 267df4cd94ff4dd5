using Microsoft.Extensions.AI;
using MlAttention;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pretrained encoders to the services of an application.</summary>
public static class TextEmbedderServiceCollectionExtensions
{
    /// <summary>Adds a pretrained encoder: one <see cref="TextEmbedder"/> for all callers, and over it an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="folder">The Hugging Face folder; relative to the current directory.</param>
    /// <param name="options">How a text becomes one vector; null for what the folder says.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// The folder is read when one of the services is asked for first, which throws <see cref="DirectoryNotFoundException"/> when it is
    /// missing and <see cref="InvalidDataException"/> when something of it is missing, damaged or not supported; ask for it before the
    /// application starts, and it fails there.
    /// </remarks>
    /// <example><code source="AddTextEmbedder_InAService">
    /// services.AddTextEmbedder("minilm");                                 // a TextEmbedder and an IEmbeddingGenerator for all callers
    /// </code></example>
    /// <exception cref="ArgumentException">The folder's path is empty.</exception>
    public static IServiceCollection AddTextEmbedder(this IServiceCollection services, string folder, TextEmbedderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var load = Factory(folder, options);
        return services
            .AddSingleton(_ => load())
            .AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider => new TextEmbeddingGenerator(provider.GetRequiredService<TextEmbedder>()));
    }

    /// <summary>Adds one of several pretrained encoders: a <see cref="TextEmbedder"/> and an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> for all callers that ask with the key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The key, such as a name: callers ask with <c>[FromKeyedServices("search")]</c>.</param>
    /// <param name="folder">The Hugging Face folder; relative to the current directory.</param>
    /// <param name="options">How a text becomes one vector; null for what the folder says.</param>
    /// <returns>The services.</returns>
    /// <remarks>As <see cref="AddTextEmbedder"/>, in all else.</remarks>
    /// <exception cref="ArgumentException">The folder's path is empty.</exception>
    public static IServiceCollection AddKeyedTextEmbedder(this IServiceCollection services, object? serviceKey, string folder, TextEmbedderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var load = Factory(folder, options);
        return services
            .AddKeyedSingleton(serviceKey, (_, _) => load())
            .AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(serviceKey, (provider, key) => new TextEmbeddingGenerator(provider.GetRequiredKeyedService<TextEmbedder>(key)));
    }

    private static Func<TextEmbedder> Factory(string folder, TextEmbedderOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string whole = Path.GetFullPath(folder);      // now: the current directory may be another when the service is asked for
        return () => TextEmbedder.Load(whole, options);
    }
}
