using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A loader followed by transformers.</summary>
public sealed class CompositeDataLoader<TSource, TLastTransformer> : IDataLoader<TSource>, IDisposable
    where TLastTransformer : class, ITransformer
{
    public readonly IDataLoader<TSource> Loader;

    public readonly TransformerChain<TLastTransformer> Transformer;

    public CompositeDataLoader(IDataLoader<TSource> loader, TransformerChain<TLastTransformer> transformerChain = null)
    {
        Guard.NotNull(loader, nameof(loader));
        Loader = loader;
        Transformer = transformerChain ?? new TransformerChain<TLastTransformer>();
    }

    public CompositeDataLoader<TSource, TNewLast> AppendTransformer<TNewLast>(TNewLast transformer)
        where TNewLast : class, ITransformer => new(Loader, Transformer.Append(transformer));

    public IDataView Load(TSource input) => Transformer.Transform(Loader.Load(input));

    public DataViewSchema GetOutputSchema() => Transformer.GetOutputSchema(Loader.GetOutputSchema());

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException("The stand-in saves transformers, not loaders: use Model.Save(model, inputSchema, ...).");

    public void Dispose() => Transformer.Dispose();
}
