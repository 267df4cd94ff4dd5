using Microsoft.ML.Compat;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Scores a feature column with a classifier: adds PredictedLabel, a key, and Score, a probability for each class.</summary>
public sealed class MulticlassPredictionTransformer<TModel> : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly MulticlassScoring _scoring;

    internal MulticlassPredictionTransformer(TModel model, MulticlassScoring scoring)
    {
        Model = model;
        _scoring = scoring;
    }

    public TModel Model { get; }

    public string FeatureColumnName => _scoring.FeatureName;

    public DataViewType FeatureColumnType => _scoring.FeatureType;

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _scoring.Bind(inputSchema).Schema;

    public IDataView Transform(IDataView input)
    {
        Guard.NotNull(input, nameof(input));
        return new MappedDataView(input, _scoring.Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new RowToRowMapper(_scoring.Bind(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => _scoring.Save(ctx);
}
