namespace MlAttention;

/// <summary>One row of the report: a trained setup and the texts on which it is tested.</summary>
/// <param name="Positions">How order reaches the encoder.</param>
/// <param name="Mask">Which tokens a token may attend to.</param>
/// <param name="Encoder">The encoder.</param>
/// <param name="Shuffling">Which texts are shuffled.</param>
/// <param name="ClipDistance">Clipping distance of Shaw's relative positions in tokens; null for that of the plan's model.</param>
public sealed record AblationVariant(
    PositionScheme Positions,
    MaskKind Mask = MaskKind.Bidirectional,
    EncoderKind Encoder = EncoderKind.Attention,
    TokenShuffling Shuffling = TokenShuffling.None,
    int? ClipDistance = null)
{
    /// <summary>What is trained for this row. Shuffling the test texts needs no training of its own.</summary>
    [JsonInclude]
    internal AblationSetup Setup => new(Positions, Mask, Encoder, Shuffling is TokenShuffling.Train or TokenShuffling.Both, ClipDistance) { Pretrained = Pretrained?.Trained() };

    /// <summary>Of a pretrained encoder, what is done to the order; null for a model from scratch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PretrainedVariant? Pretrained { get; init; }

    /// <summary>Whether the test texts have their tokens in random order.</summary>
    public bool ShuffledTest => Shuffling is TokenShuffling.Test or TokenShuffling.Both;

    /// <summary>The name for tables, for example "none, causal", "Shaw relative, k=2" or "LSTM, test shuffled".</summary>
    public string Name
    {
        get
        {
            if (Pretrained is { } variant) return PretrainedVariants.NameOf(variant);
            string name = Encoder == EncoderKind.Attention ? VariantNames.Of(Positions) : VariantNames.Of(Encoder);
            if (ClipDistance is { } clip) name += string.Create(CultureInfo.InvariantCulture, $", k={clip}");
            if (Encoder == EncoderKind.Attention && Mask != MaskKind.Bidirectional) name += $", {VariantNames.Of(Mask)}";
            return Shuffling == TokenShuffling.None ? name : $"{name}, {VariantNames.Of(Shuffling)}";
        }
    }

    /// <summary>A row of a pretrained encoder's report.</summary>
    internal static AblationVariant Of(PretrainedVariant variant) =>
        new(variant.IsOrderBlind() ? PositionScheme.None : PositionScheme.Learned, Shuffling: ShufflingOf(variant)) { Pretrained = variant };

    private static TokenShuffling ShufflingOf(PretrainedVariant variant) =>
        variant.IsTestOnly() ? TokenShuffling.Test : variant.Arrangement() == WordArrangement.InOrder ? TokenShuffling.None : TokenShuffling.Both;

    /// <summary>The same model and texts without position information.</summary>
    internal AblationVariant WithoutPositions => this with { Positions = PositionScheme.None, ClipDistance = null };

    /// <summary>
    /// Whether the encoder cannot tell one order of the tokens from another. With a clipping distance of 0, Shaw's vectors are the same for
    /// every distance, so they add the same to all scores of a query and to all outputs.
    /// </summary>
    internal bool IsOrderBlind =>
        Mask == MaskKind.Bidirectional
        && (Encoder == EncoderKind.BagOfEmbeddings || Encoder == EncoderKind.Attention)
        && (Positions == PositionScheme.None || ClipDistance == 0);
}

/// <summary>What is trained: one model architecture on ordered or shuffled texts. One run trains one setup with one seed.</summary>
/// <param name="Positions">How order reaches the encoder.</param>
/// <param name="Mask">Which tokens a token may attend to.</param>
/// <param name="Encoder">The encoder.</param>
/// <param name="ShuffledTraining">Whether the training texts have their tokens in random order.</param>
/// <param name="ClipDistance">Clipping distance of Shaw's relative positions in tokens; null for that of the plan's model.</param>
internal sealed record AblationSetup(PositionScheme Positions, MaskKind Mask, EncoderKind Encoder, bool ShuffledTraining, int? ClipDistance = null)
{
    /// <summary>Of a pretrained encoder, what is trained; null for a model from scratch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PretrainedVariant? Pretrained { get; init; }

    /// <summary>A learning rate that is tried on the dev texts; null for the one that was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TrialRate { get; init; }

    /// <summary>The name for people, as the tables have it, for example "none, causal" or "shuffled, rate 5.0e-5".</summary>
    [JsonIgnore]
    internal string Title => (new AblationVariant(Positions, Mask, Encoder, ShuffledTraining ? TokenShuffling.Train : TokenShuffling.None, ClipDistance) { Pretrained = Pretrained }).Name
        + (TrialRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $", rate {rate:0.0e-0}") : "");

    /// <summary>A short name that is unique among setups and safe in file names, for example "attention-none-causal".</summary>
    public string Name => Pretrained is { } variant
        ? $"pretrained-{variant}".ToLowerInvariant() + (TrialRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"-rate{rate:0.####e-0}") : "")
        : (Encoder == EncoderKind.Attention ? $"attention-{Positions}-{Mask}" : $"{Encoder}").ToLowerInvariant()
        + (ClipDistance is { } clip ? string.Create(CultureInfo.InvariantCulture, $"-clip{clip}") : "")
        + (ShuffledTraining ? "-shuffled" : "");
}

/// <summary>Which texts have their tokens put in random order, after tokenisation; special tokens stay in place.</summary>
public enum TokenShuffling
{
    /// <summary>None: texts as they are.</summary>
    None,
    /// <summary>The test texts: what does a model that has learned from order lose without it?</summary>
    Test,
    /// <summary>The training texts: does order at test time help a model that never saw any?</summary>
    Train,
    /// <summary>Both: what can be learned from the words alone, with the same model?</summary>
    Both,
}
