namespace MlAttention.Engines.Managed;

/// <summary>The places of the network where dropout acts; with a layer's index each mask has a key of its own.</summary>
internal static class DropoutSite
{
    public const int Embedding = 0;
    public const int AttentionOutput = 1;
    public const int Hidden = 2;
    public const int FeedForwardOutput = 3;

    /// <summary>The attention weights of a layer.</summary>
    public static int Weights(int layer) => 4 + layer;
}
