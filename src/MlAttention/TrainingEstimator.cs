using Microsoft.ML.Transforms;
using MlAttention.Core.Training;

namespace MlAttention;

/// <summary>Base of this library's estimators that train a network: its epoch is chosen on rows held out of the training data, or on rows of one's own.</summary>
/// <typeparam name="TTransformer">What fitting gives.</typeparam>
public abstract class TrainingEstimator<TTransformer> : SequenceEstimator<TTransformer> where TTransformer : SequenceTransformer
{
    private readonly int _contextSeed;
    private readonly ContextCancellation _cancellation;

    private protected TrainingEstimator(IHostEnvironment environment, string name, IReadOnlyList<ColumnRequirement> inputs) : base(environment, name, inputs)
    {
        _contextSeed = Host.Rand.Next();
        _cancellation = new ContextCancellation(environment);
    }

    /// <summary>Fits a transformer whose best epoch is chosen on rows of one's own, instead of rows held out of the training data.</summary>
    /// <param name="trainData">The training data; vocabularies are learned from it alone.</param>
    /// <param name="validationData">The rows that choose the epoch and stop training early; the same columns and keys as the training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or has another type or other keys; the message names it.</exception>
    public TTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        GetOutputSchema(SchemaShapes.Of(validationData.Schema));
        using var channel = Host.Start("Fit");
        return Fit(trainData, validationData, FitOf(channel));
    }

    private protected sealed override TTransformer Fit(IDataView input, IChannel channel) => Fit(input, null, FitOf(channel));

    private protected abstract TTransformer Fit(IDataView trainData, IDataView? validationData, TrainingFit fit);

    private TrainingFit FitOf(IChannel channel) => new(channel, _contextSeed, _cancellation);
}

/// <summary>What a training has from ML.NET's environment: a log, a seed, and word of being cancelled.</summary>
internal sealed class TrainingFit(IChannel channel, int contextSeed, ContextCancellation cancellation)
{
    public void Log(string line) => channel.Info(MessageSensitivity.None, line);

    public void Warn(string line) => channel.Warning(MessageSensitivity.None, line);

    /// <exception cref="OperationCanceledException">The context's execution was cancelled.</exception>
    public void ThrowIfCancelled() => cancellation.ThrowIfCancelled();

    /// <summary>The options with their seed, or that of the checkpoint that they go on from, or else the context's.</summary>
    public TrainingOptions Seeded(TrainingOptions options) => options with { Seed = TrainingStart.SeedOf(options, contextSeed, Log) };
}

/// <summary>Hears when an MLContext's execution was cancelled, which ML.NET tells only its own components.</summary>
/// <remarks>Fitting an official estimator of that context throws <see cref="OperationCanceledException"/> then; over one row it takes some 50 µs.</remarks>
internal sealed class ContextCancellation(IHostEnvironment environment)
{
    private static readonly IDataView OneRow = new MLContext(seed: 0).Data.LoadFromEnumerable([new Row()]);

    private readonly ValueToKeyMappingEstimator? _probe =
        environment is MLContext context ? context.Transforms.Conversion.MapValueToKey(nameof(Row.Value)) : null;

    /// <exception cref="OperationCanceledException">The context's execution was cancelled.</exception>
    public void ThrowIfCancelled() => _probe?.Fit(OneRow);

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
