using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Splits rows at random; rows with one value in the sampling key column stay together.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        Guard.NotNull(data, nameof(data));
        Guard.Param(testFraction is > 0 and < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        return new RowSplit(data, samplingKeyColumnName, seed ?? _seed ?? NextSeed()).Split(0, testFraction);
    }

    /// <summary>Splits rows into folds, each the test set of one pair.</summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        Guard.NotNull(data, nameof(data));
        Guard.Param(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        var split = new RowSplit(data, samplingKeyColumnName, seed ?? _seed ?? NextSeed());
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => split.Split((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds))];
    }

    /// <summary>Rows to learn from and rows to test on.</summary>
    public readonly struct TrainTestData
    {
        public readonly IDataView TrainSet;

        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
