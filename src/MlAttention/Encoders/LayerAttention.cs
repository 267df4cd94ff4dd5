using MlAttention.Attention;

namespace MlAttention.Encoders;

/// <summary>What the options of a sequence model say about the attention inside its layers.</summary>
internal static class LayerAttention
{
    public static AttentionOptions Options(SequenceModelOptions options) => new()
    {
        ModelWidth = options.ModelWidth,
        Heads = options.Heads,
        Dropout = options.Dropout,
        Score = options.Score,
        Temperature = options.Temperature,
        Algorithm = options.Algorithm,
        WindowRadius = options.WindowRadius,
        CheckNumbers = false,
    };
}
