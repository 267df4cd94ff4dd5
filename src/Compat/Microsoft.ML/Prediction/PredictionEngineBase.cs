using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Predicts for single examples; one engine serves one thread.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly bool _ownsTransformer;
    private readonly ObjectRow<TSrc> _input;
    private readonly Action<TDst> _fill;
    private bool _disposed;

    private protected PredictionEngineBase(ITransformer transformer, PredictionEngineOptions options)
    {
        Guard.Param(transformer.IsRowToRowMapper, nameof(transformer), "Must be a row to row mapper");
        _transformer = transformer;
        _ownsTransformer = options.OwnsTransformer;
        _input = new ObjectRow<TSrc>(options.InputSchemaDefinition);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(_input.Schema);
        var filler = new ObjectFiller<TDst>(mapper.OutputSchema, options.IgnoreMissingColumns, options.OutputSchemaDefinition);
        _fill = filler.CreateFill(mapper.GetRow(_input, mapper.OutputSchema));
        OutputSchema = mapper.OutputSchema;
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _input.Dispose();
        if (_ownsTransformer)
        {
            (_transformer as IDisposable)?.Dispose();
        }
    }

    private protected void Run(TSrc example, TDst prediction)
    {
        _input.Set(example);
        _fill(prediction);
    }
}
