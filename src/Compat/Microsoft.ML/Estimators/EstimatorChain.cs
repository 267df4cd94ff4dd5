using Microsoft.ML.Compat;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators fitted one after the other, each on the output of those before it.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    public readonly IEstimator<TLastTransformer> LastEstimator;

    private readonly EstimatorLink[] _links;

    public EstimatorChain()
        : this([])
    {
    }

    internal EstimatorChain(EstimatorLink[] links)
    {
        _links = links;
        LastEstimator = links.LastOrDefault().Estimator as IEstimator<TLastTransformer>;
    }

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        Guard.NotNull(estimator, nameof(estimator));
        return new EstimatorChain<TNewTrans>([.. _links, new EstimatorLink(estimator, scope, CachesOutput: false)]);
    }

    /// <summary>Keeps the data at this point in memory while the rest of the chain is fitted.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Guard.NotNull(env, nameof(env));
        if (_links.Length == 0)
        {
            throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.");
        }

        return new EstimatorChain<TLastTransformer>([.. _links[..^1], _links[^1] with { CachesOutput = true }]);
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        Guard.NotNull(input, nameof(input));
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var fitted = new ITransformer[_links.Length];
        IDataView data = input;
        for (int i = 0; i < _links.Length; i++)
        {
            fitted[i] = _links[i].Estimator.Fit(data);
            data = fitted[i].Transform(data);
            if (_links[i].CachesOutput && i < _links.Length - 1)
            {
                data = new CachedDataView(data);
            }
        }

        return new TransformerChain<TLastTransformer>(fitted, _links.Select(link => link.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _links.Aggregate(inputSchema, (shape, link) => link.Estimator.GetOutputSchema(shape));
}
