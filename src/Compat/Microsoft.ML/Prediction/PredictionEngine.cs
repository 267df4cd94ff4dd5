using Microsoft.ML.Compat;

namespace Microsoft.ML;

/// <summary>Predicts for single examples; one engine serves one thread.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, PredictionEngineOptions options)
        : base(transformer, options)
    {
    }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        Guard.NotNull(example, nameof(example));
        prediction ??= new TDst();
        Run(example, prediction);
    }
}
