using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace MlAttention.Pipeline.Classification;

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
