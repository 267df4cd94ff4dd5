namespace Microsoft.ML;

/// <summary>What a trainer wants of the data.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo(bool needNormalization, bool wantCaching)
    {
        NeedNormalization = needNormalization;
        WantCaching = wantCaching;
    }

    public bool NeedNormalization { get; }

    public bool WantCaching { get; }
}
