namespace MlAttention.Ablation;

/// <summary>A model without attention on the same texts.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Runs">Every seed's figures; one for a baseline without chance in it.</param>
/// <param name="MeanAccuracy">Mean accuracy over the seeds.</param>
/// <param name="Parameters">Number of parameters.</param>
public sealed record BaselineResult(BaselineKind Kind, IReadOnlyList<RunScore> Runs, double MeanAccuracy, int Parameters)
{
    /// <summary>The name for tables.</summary>
    public string Name => Kind switch
    {
        BaselineKind.Majority => "majority class",
        BaselineKind.BagOfWords => "bag of words",
        BaselineKind.BagOfBigrams => "bag of words + bigrams",
        _ => "SDCA, words + bigrams",
    };
}
