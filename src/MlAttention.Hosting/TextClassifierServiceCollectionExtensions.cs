using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MlAttention;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds text classifiers to the services of an application.</summary>
public static class TextClassifierServiceCollectionExtensions
{
    /// <summary>Adds a text classifier: one <see cref="ReloadingTextClassifier"/> for all callers.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="path">
    /// The safetensors file that <c>mlattention export</c> or <c>mlContext.Model.SaveTextClassifier</c> writes; relative to the current directory.
    /// </param>
    /// <param name="watch">Whether the file is loaded again when it changes; true by default.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// The file is loaded when the service is asked for first, which throws <see cref="FileNotFoundException"/> when it is missing and
    /// <see cref="InvalidDataException"/> when it is damaged or an ML.NET zip; ask for it before the application starts, and it fails there.
    /// Reloads are logged to the application's <see cref="ILoggerFactory"/> and timed by its <see cref="TimeProvider"/>, where it has them.
    /// </remarks>
    /// <example><code source="AddTextClassifier_InAService">
    /// services.AddTextClassifier("model.safetensors", watch: true);           // one for all callers; watch: false never reloads
    /// </code></example>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static IServiceCollection AddTextClassifier(this IServiceCollection services, string path, bool watch = true)
    {
        ArgumentNullException.ThrowIfNull(services);
        var create = Factory(path, watch);
        return services.AddSingleton(create);
    }

    /// <summary>Adds one of several text classifiers: a <see cref="ReloadingTextClassifier"/> for all callers that ask with the key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The key, such as a name: callers ask with <c>[FromKeyedServices("reviews")]</c>.</param>
    /// <param name="path">
    /// The safetensors file that <c>mlattention export</c> or <c>mlContext.Model.SaveTextClassifier</c> writes; relative to the current directory.
    /// </param>
    /// <param name="watch">Whether the file is loaded again when it changes; true by default.</param>
    /// <returns>The services.</returns>
    /// <remarks>As <see cref="AddTextClassifier"/>, in all else.</remarks>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static IServiceCollection AddKeyedTextClassifier(this IServiceCollection services, object? serviceKey, string path, bool watch = true)
    {
        ArgumentNullException.ThrowIfNull(services);
        var create = Factory(path, watch);
        return services.AddKeyedSingleton(serviceKey, (provider, _) => create(provider));
    }

    private static Func<IServiceProvider, ReloadingTextClassifier> Factory(string path, bool watch)
    {
        string file = Path.GetFullPath(path);      // now: the current directory may be another when the service is asked for
        return provider => new ReloadingTextClassifier(
            file,
            watch,
            provider.GetService<ILogger<ReloadingTextClassifier>>() ?? NullLogger<ReloadingTextClassifier>.Instance,
            provider.GetService<TimeProvider>() ?? TimeProvider.System);
    }
}
