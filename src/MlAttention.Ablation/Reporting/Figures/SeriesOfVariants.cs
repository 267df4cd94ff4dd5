namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Which series is whose.</summary>
internal static partial class SeriesStyle
{
    /// <summary>The models without attention: ink.</summary>
    public const int WithoutAttention = 8;

    /// <summary>A variant's series: the same colour and marker in every figure of every report.</summary>
    public static int Of(AblationVariant variant) => variant switch
    {
        { Pretrained: PretrainedVariant.Ordered } => 0,
        { Pretrained: PretrainedVariant.Zero } => 7,
        { Pretrained: PretrainedVariant.Constant } => 3,
        { Pretrained: PretrainedVariant.Fresh } => 4,
        { Pretrained: PretrainedVariant.Sorted } => 2,
        { Pretrained: { } done } => done.IsTestOnly() ? 5 : 1,
        { Encoder: not EncoderKind.Attention } or { Positions: PositionScheme.None, Mask: not MaskKind.Bidirectional } => 6,
        _ => Of(variant.Positions),
    };

    /// <summary>A position scheme's series.</summary>
    public static int Of(PositionScheme scheme) => scheme switch
    {
        PositionScheme.Sinusoidal => 0,
        PositionScheme.Learned => 1,
        PositionScheme.ShawRelative => 2,
        PositionScheme.RelativeBias => 3,
        PositionScheme.Rotary => 4,
        PositionScheme.Alibi => 5,
        _ => 7,
    };
}
