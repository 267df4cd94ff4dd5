using System.Globalization;
using MlAttention.Architecture;

namespace MlAttention.Ablation;

/// <summary>What is trained: one model architecture on ordered or shuffled texts. One run trains one setup with one seed.</summary>
/// <param name="Positions">How order reaches the encoder.</param>
/// <param name="Mask">Which tokens a token may attend to.</param>
/// <param name="Encoder">The encoder.</param>
/// <param name="ShuffledTraining">Whether the training texts have their tokens in random order.</param>
/// <param name="ClipDistance">Clipping distance of Shaw's relative positions in tokens; null for that of the plan's model.</param>
public sealed record AblationSetup(PositionScheme Positions, MaskKind Mask, EncoderKind Encoder, bool ShuffledTraining, int? ClipDistance = null)
{
    /// <summary>A short name that is unique among setups and safe in file names, for example "attention-none-causal".</summary>
    public string Name =>
        (Encoder == EncoderKind.Attention ? $"attention-{Positions}-{Mask}" : $"{Encoder}").ToLowerInvariant()
        + (ClipDistance is { } clip ? string.Create(CultureInfo.InvariantCulture, $"-clip{clip}") : "")
        + (ShuffledTraining ? "-shuffled" : "");
}
