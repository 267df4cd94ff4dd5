namespace Microsoft.ML.Data;

/// <summary>A transformer chain whatever the type of its last transformer.</summary>
internal interface ITransformerChain
{
    IReadOnlyList<ITransformer> Transformers { get; }

    IReadOnlyList<TransformerScope> Scopes { get; }

    IDataView Transform(IDataView input, TransformerScope scope);
}
