namespace Microsoft.ML;

/// <summary>Learns a transformer from data, and tells beforehand what columns that will give.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    TTransformer Fit(IDataView input);

    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
