using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>An estimator that has nothing to learn: fitting checks the schema and gives the transformer.</summary>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected readonly TTransformer Transformer;

    private protected TrivialEstimator(TTransformer transformer)
    {
        Transformer = transformer;
    }

    public TTransformer Fit(IDataView input)
    {
        Guard.NotNull(input, nameof(input));
        Transformer.GetOutputSchema(input.Schema);
        return Transformer;
    }

    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
