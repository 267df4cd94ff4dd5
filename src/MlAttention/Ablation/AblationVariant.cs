using MlAttention.Attention;
using MlAttention.Encoders;
using MlAttention.Positions;

namespace MlAttention.Ablation;

/// <summary>One row of the report: a trained setup and the texts on which it is tested.</summary>
/// <param name="Positions">How order reaches the encoder.</param>
/// <param name="Mask">Which tokens a token may attend to.</param>
/// <param name="Encoder">The encoder.</param>
/// <param name="Shuffling">Which texts are shuffled.</param>
public sealed record AblationVariant(
    PositionScheme Positions,
    MaskKind Mask = MaskKind.Bidirectional,
    EncoderKind Encoder = EncoderKind.Attention,
    TokenShuffling Shuffling = TokenShuffling.None)
{
    /// <summary>What is trained for this row. Shuffling the test texts needs no training of its own.</summary>
    public AblationSetup Setup => new(Positions, Mask, Encoder, Shuffling is TokenShuffling.Train or TokenShuffling.Both);

    /// <summary>Whether the test texts have their tokens in random order.</summary>
    public bool ShuffledTest => Shuffling is TokenShuffling.Test or TokenShuffling.Both;

    /// <summary>The name for tables, for example "none, causal" or "LSTM, test shuffled".</summary>
    public string Name
    {
        get
        {
            string name = Encoder == EncoderKind.Attention ? VariantNames.Of(Positions) : VariantNames.Of(Encoder);
            if (Encoder == EncoderKind.Attention && Mask != MaskKind.Bidirectional) name += $", {VariantNames.Of(Mask)}";
            return Shuffling == TokenShuffling.None ? name : $"{name}, {VariantNames.Of(Shuffling)}";
        }
    }

    /// <summary>The same model and texts without position information.</summary>
    internal AblationVariant WithoutPositions => this with { Positions = PositionScheme.None };
}
