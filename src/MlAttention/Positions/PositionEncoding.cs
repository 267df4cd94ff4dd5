using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Positions;

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
}
