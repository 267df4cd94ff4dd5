using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Saves, loads and serves models.</summary>
public sealed class ModelOperationsCatalog
{
    internal ModelOperationsCatalog()
    {
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        Guard.NotNull(model, nameof(model));
        Guard.NotNull(stream, nameof(stream));
        ModelFile.Save(model, inputSchema, stream);
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        Guard.NotNull(model, nameof(model));
        Guard.NotEmpty(filePath, nameof(filePath));
        using FileStream stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    /// <exception cref="InvalidDataException">The file is damaged, or the official packages wrote it.</exception>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        Guard.NotNull(stream, nameof(stream));
        return ModelFile.Load(stream, out inputSchema);
    }

    /// <exception cref="InvalidDataException">The file is damaged, or the official packages wrote it.</exception>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        Guard.NotEmpty(filePath, nameof(filePath));
        using FileStream stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true, SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns,
            InputSchemaDefinition = inputSchemaDefinition,
            OutputSchemaDefinition = outputSchemaDefinition,
        });

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, ignoreMissingColumns: false, DataOperationsCatalog.DefinitionFrom<TSrc>(inputSchema));

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        Guard.NotNull(transformer, nameof(transformer));
        Guard.NotNull(options, nameof(options));
        return new PredictionEngine<TSrc, TDst>(transformer, options);
    }
}
