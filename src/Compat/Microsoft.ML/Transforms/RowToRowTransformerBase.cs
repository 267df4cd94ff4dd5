using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A transformer that adds columns, each row of which comes from one input row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase()
    {
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).Schema;

    public IDataView Transform(IDataView input)
    {
        Guard.NotNull(input, nameof(input));
        return new MappedDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new RowToRowMapper(Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Guard.NotNull(ctx, nameof(ctx));
        SaveModel(ctx);
    }

    private protected abstract RowMapping CreateMapping(DataViewSchema inputSchema);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private MappedSchema Bind(DataViewSchema inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        return new MappedSchema(CreateMapping(inputSchema));
    }
}
