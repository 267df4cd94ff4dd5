using Microsoft.ML;

namespace MlAttention.Tests.Pipeline;

/// <summary>The pipelines of the matrix, each fitted once for all tests: fitted models are safe to share.</summary>
internal static class FittedPipelines
{
    /// <summary>More rows than two batches, and a prime.</summary>
    public const int RowCount = 157;

    private static readonly Dictionary<string, Lazy<(ITransformer, string[])>> Fitted =
        PipelineCase.All.ToDictionary(pipelineCase => pipelineCase.Name, pipelineCase => new Lazy<(ITransformer, string[])>(() => Fit(pipelineCase)));

    /// <summary>The model, and its outputs with the column Id for each row.</summary>
    public static (ITransformer Model, string[] Expected) Of(PipelineCase pipelineCase) => Fitted[pipelineCase.Name].Value;

    private static (ITransformer, string[]) Fit(PipelineCase pipelineCase)
    {
        var ml = new MLContext(seed: 1);
        var data = TinyTexts.Data(ml, RowCount);
        var model = pipelineCase.Pipeline(ml).Fit(data);
        return (model, Snapshot.Of(model.Transform(data), [.. pipelineCase.Outputs, "Id"]));
    }
}
