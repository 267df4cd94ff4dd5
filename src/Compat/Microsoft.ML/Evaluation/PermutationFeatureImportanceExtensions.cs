using System.Collections.Immutable;
using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Measures how much a model's metrics suffer when one feature's values are shuffled among the rows.</summary>
public static class PermutationFeatureImportanceExtensions
{
    /// <summary>The change of each metric, for each slot of the feature column.</summary>
    /// <remarks>Source: Breiman 2001, "Random Forests", section 10.</remarks>
    /// <exception cref="NotSupportedException">Slots of weight zero are to be left out; the stand-in measures every slot.</exception>
    public static ImmutableArray<MulticlassClassificationMetricsStatistics> PermutationFeatureImportance<TModel>(
        this MulticlassClassificationCatalog catalog,
        ISingleFeaturePredictionTransformer<TModel> predictionTransformer,
        IDataView data,
        string labelColumnName = "Label",
        bool useFeatureWeightFilter = false,
        int? numberOfExamplesToUse = null,
        int permutationCount = 1)
        where TModel : class
    {
        Guard.NotNull(catalog, nameof(catalog));
        Guard.NotNull(predictionTransformer, nameof(predictionTransformer));
        Guard.NotNull(data, nameof(data));
        if (useFeatureWeightFilter)
        {
            throw new NotSupportedException("The stand-in for Microsoft.ML measures every slot: leave useFeatureWeightFilter false.");
        }

        IDataView examples = numberOfExamplesToUse is int count ? new RowRangeDataView(data, skip: 0, count) : data;
        DataViewSchema.Column feature = examples.Schema[predictionTransformer.FeatureColumnName];
        MulticlassClassificationMetrics baseline = Evaluate(examples);
        float[][] rows = [.. examples.GetColumn<float[]>(feature)];
        Random random = catalog.Environment.Register("PermutationFeatureImportance").Rand;
        int slots = ((VectorDataViewType)feature.Type).Size;
        return [.. Enumerable.Range(0, rows.Length > 0 ? slots : 0).Select(Importance)];

        MulticlassClassificationMetrics Evaluate(IDataView view) =>
            catalog.Evaluate(predictionTransformer.Transform(view), labelColumnName);

        MulticlassClassificationMetricsStatistics Importance(int slot)
        {
            var statistics = new MulticlassClassificationMetricsStatistics(baseline.PerClassLogLoss.Count);
            float[] values = [.. rows.Select(row => row[slot])];
            for (int i = 0; i < permutationCount; i++)
            {
                random.Shuffle(values);
                var permuted = new MappedSchema(new PermutedSlotMapping(examples.Schema, feature, slot, [.. values]));
                statistics.AddDifference(Evaluate(new MappedDataView(examples, permuted)), baseline);
            }

            return statistics;
        }
    }
}
