namespace MlAttention;

/// <summary>
/// How a model learns where a token stands. A scheme overrides the hooks it needs; the base changes nothing,
/// so that attention itself knows no scheme.
/// </summary>
/// <remarks>
/// In the order of use: <see cref="AddToEmbeddings"/> once before the encoder; then in each attention layer
/// <see cref="TransformQueryKey"/>, <see cref="ScoreBias"/>, <see cref="Allowed"/> and <see cref="ValueBias"/>:
/// output = softmax((score(q, k) + ScoreBias) / T) v + ValueBias.
/// Shapes: B batch, H heads, L query length, S key length, D model width, Dh head width, Dv value head width.
/// </remarks>
public abstract class PositionEncoding : nn.Module
{
    /// <summary>Creates the base.</summary>
    /// <param name="name">The module's name, as TorchSharp asks for.</param>
    protected PositionEncoding(string name) : base(name)
    {
    }

    /// <summary>Makes the scheme that the options name, with its details and for the model's sizes.</summary>
    /// <param name="model">The architecture. A model takes any function of this form, so also one that makes a scheme of one's own.</param>
    /// <example><code source="Maker_OwnScheme_IsAFunctionOfTheShape">
    /// Func&lt;SequenceModelOptions, PositionEncoding&gt; mine = model =&gt; new MyPositions(model.ModelWidth);
    /// </code></example>
    public static PositionEncoding Create(SequenceModelOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var details = model.PositionDetails;
        return model.Positions switch
        {
            PositionScheme.None => new NoPositions(),
            PositionScheme.Sinusoidal => new SinusoidalPositions(model.ModelWidth, details.SinusoidalBase, details.SinusoidalInterleaved),
            PositionScheme.Learned => new LearnedPositions(model.MaxLength, model.ModelWidth, details.LearnedOffset, model.PositionRows),
            PositionScheme.ShawRelative => new ShawRelativePositions(model.HeadWidth, details.ClipDistance),
            PositionScheme.RelativeBias => new RelativeBiasPositions(model.Heads, details.Buckets, details.MaxDistance, bidirectional: !model.Mask.IsCausal),
            PositionScheme.Rotary => new RotaryPositions(model.HeadWidth, details.RotaryBase, details.RotaryInterleaved, details.RotaryPositionScale),
            PositionScheme.Alibi => new AlibiPositions(model.Heads, oneSided: details.HasOneSidedAlibi(model.Mask)),
            _ => throw new ArgumentOutOfRangeException(nameof(model), model.Positions, "This position scheme is not known."),
        };
    }

    /// <summary>Whether each layer has its own instance, registered in it as "positions", instead of one for the whole model.</summary>
    public virtual bool PerLayer => false;

    /// <summary>
    /// Whether the scheme has a <see cref="ScoreBias"/>, <see cref="Allowed"/> or <see cref="ValueBias"/>:
    /// algorithms that never form the scores refuse such a scheme.
    /// </summary>
    public virtual bool ActsOnScores => false;

    /// <summary>Whether the scheme has a <see cref="ValueBias"/>, for which attention must form its weights; false lets a fused function compute it.</summary>
    /// <value>Default <see cref="ActsOnScores"/>: a scheme that acts on the scores but not on the values may say so.</value>
    public virtual bool ActsOnValues => ActsOnScores;

    /// <summary>The trained parameters of <see cref="ScoreBias"/>.</summary>
    /// <value>Default: all. A scheme with others beside them names its own here, which spares chunked attention gradients that are not there.</value>
    public virtual IEnumerable<Parameter> ScoreParameters => parameters();

    /// <summary>The trained parameters of <see cref="ValueBias"/>.</summary>
    /// <value>Default: all if the scheme <see cref="ActsOnValues"/>, else none.</value>
    public virtual IEnumerable<Parameter> ValueParameters => ActsOnValues ? parameters() : [];

    /// <summary>Puts positions into the embeddings: [B,L,D] -> [B,L,D].</summary>
    public virtual Tensor AddToEmbeddings(Tensor embeddings) => embeddings;

    /// <summary>Puts positions into the projected queries [B,H,L,Dh] and keys [B,H,S,Dh].</summary>
    public virtual (Tensor Query, Tensor Key) TransformQueryKey(Tensor query, Tensor key) => (query, key);

    /// <summary>What is added to the scores of a block; null for nothing.</summary>
    /// <param name="query">The block's queries [B,H,L,Dh].</param>
    /// <param name="queries">Their positions.</param>
    /// <param name="keys">The positions of the block's keys.</param>
    /// <returns>A tensor that broadcasts to [B,H,L,S].</returns>
    public virtual Tensor? ScoreBias(Tensor query, PositionSpan queries, PositionSpan keys) => null;

    /// <summary>Which keys the scheme lets each head see, True = may attend; null for all.</summary>
    /// <returns>A boolean tensor that broadcasts to [B,H,L,S].</returns>
    public virtual Tensor? Allowed(PositionSpan queries, PositionSpan keys, Device device) => null;

    /// <summary>What is added to the output of a block; null for nothing. It must be linear in the weights.</summary>
    /// <param name="weights">The block's attention weights [B,H,L,S].</param>
    /// <param name="queries">The positions of the block's queries.</param>
    /// <param name="keys">The positions of the block's keys.</param>
    /// <returns>A tensor [B,H,L,Dv].</returns>
    public virtual Tensor? ValueBias(Tensor weights, PositionSpan queries, PositionSpan keys) => null;

    private protected static void RequireEmbeddings(Tensor embeddings, long width)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        TensorChecks.RequireVectors(nameof(embeddings), embeddings.shape, "B,L,D", [], width, "The positions were made for this width.");
    }

    private protected static void RequireHeads(Tensor query, long heads)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.size(1) == heads) return;
        throw new ArgumentException($"query must have shape [B,H,L,Dh]=[B,{heads},L,Dh]; got {ShapeText.Of(query)}. The positions were made for {heads} heads.", nameof(query));
    }

    private protected static void RequireHeadWidth(Tensor query, long headWidth)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.size(3) == headWidth) return;
        throw new ArgumentException($"query must have shape [B,H,L,Dh]=[B,H,L,{headWidth}]; got {ShapeText.Of(query)}. The positions were made for head width {headWidth}.", nameof(query));
    }
}

/// <summary>No position information: every hook leaves things as they are, so self-attention is permutation-equivariant.</summary>
internal sealed class NoPositions() : PositionEncoding(nameof(NoPositions));
