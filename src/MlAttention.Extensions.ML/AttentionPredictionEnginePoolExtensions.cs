using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MlAttention.Extensions.ML;

namespace Microsoft.Extensions.ML;

/// <summary>Adds models with MlAttention's components to a PredictionEnginePool.</summary>
public static class AttentionPredictionEnginePoolExtensions
{
    /// <summary>Takes the pool's model from a file that was saved with <c>mlContext.Model.Save</c>.</summary>
    /// <typeparam name="TData">The class of the input rows.</typeparam>
    /// <typeparam name="TPrediction">The class of the predictions.</typeparam>
    /// <param name="builder">The pool's builder.</param>
    /// <param name="modelName">The model's name; empty for the default model.</param>
    /// <param name="filePath">The model file.</param>
    /// <param name="watchForChanges">Whether the model is loaded again when the file changes.</param>
    /// <remarks>The file is loaded once, at first use, and watched by one watcher, which ends with the service provider.</remarks>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromAttentionFile<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string modelName, string filePath, bool watchForChanges = true)
        where TData : class
        where TPrediction : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        // The pool makes its options anew on every thread that asks first; the loader, its model and its watcher are one for all of them.
        var loader = new object();
        builder.Services.AddKeyedSingleton(loader, (services, _) =>
            new AttentionFileModelLoader(services.GetRequiredService<IOptions<MLOptions>>().Value.MLContext, filePath, watchForChanges));
        builder.Services.AddOptions<PredictionEnginePoolOptions<TData, TPrediction>>(modelName).Configure<IServiceProvider>((options, services) =>
            options.ModelLoader = services.GetRequiredKeyedService<AttentionFileModelLoader>(loader));
        return builder;
    }
}
