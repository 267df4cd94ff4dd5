using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Looks at the first rows that a view, a transformer or an estimator gives.</summary>
public static class DebuggerExtensions
{
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100)
    {
        Guard.NotNull(transformer, nameof(transformer));
        return new DataDebuggerPreview(transformer.Transform(data), maxRows);
    }

    public static DataDebuggerPreview Preview(this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
    {
        Guard.NotNull(estimator, nameof(estimator));
        Guard.NotNull(data, nameof(data));
        Guard.Param(maxTrainingRows >= 0, nameof(maxTrainingRows));
        return estimator.Fit(new RowRangeDataView(data, skip: 0, maxTrainingRows)).Preview(data, maxRows);
    }
}
