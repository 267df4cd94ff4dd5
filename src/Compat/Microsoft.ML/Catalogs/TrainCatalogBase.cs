using Microsoft.ML.Compat;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The catalog of a task: its trainers and how its models are evaluated.</summary>
public abstract class TrainCatalogBase
{
    private readonly DataOperationsCatalog _data;

    private protected TrainCatalogBase(IHostEnvironment environment, DataOperationsCatalog data)
    {
        Environment = environment;
        _data = data;
    }

    internal IHostEnvironment Environment { get; }

    /// <summary>Fits the estimator on each fold's training set, and scores the fold's test set.</summary>
    private protected IReadOnlyList<CrossValidationResult<T>> CrossValidateTrain<T>(IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string samplingKeyColumnName, int? seed, Func<IDataView, T> evaluate)
        where T : class
    {
        Guard.NotNull(data, nameof(data));
        Guard.NotNull(estimator, nameof(estimator));
        return [.. _data.CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed).Select((split, fold) =>
        {
            ITransformer model = estimator.Fit(split.TrainSet);
            IDataView scored = model is ITransformerChain chain ? chain.Transform(split.TestSet, TransformerScope.Everything) : model.Transform(split.TestSet);
            return new CrossValidationResult<T>(model, evaluate(scored), scored, fold);
        })];
    }

    /// <summary>A model of one fold and how well it does on the rows that it has not seen.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;

        public readonly ITransformer Model;

        public readonly IDataView ScoredHoldOutSet;

        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scored, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scored;
            Fold = fold;
        }
    }

    /// <summary>A list of trainers that extension methods add to.</summary>
    public abstract class CatalogInstantiatorBase
    {
        private protected CatalogInstantiatorBase(IHostEnvironment environment)
        {
            Environment = environment;
        }

        internal IHostEnvironment Environment { get; }
    }
}
