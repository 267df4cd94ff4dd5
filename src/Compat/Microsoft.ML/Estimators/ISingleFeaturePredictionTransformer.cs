using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A prediction transformer that reads its features from one column.</summary>
public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel>
    where TModel : class
{
    string FeatureColumnName { get; }

    DataViewType FeatureColumnType { get; }
}
