using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>Makes one vector of a padded sequence of vectors. Padding takes no part; an empty sequence gives zeros.</summary>
/// <remarks>Shapes: x [B,L,D], mask [B,L] boolean with True = a real token -> [B,D].</remarks>
public abstract class SequencePooling : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly int? _width;

    /// <summary>Creates the base.</summary>
    /// <param name="name">The module's name, as TorchSharp asks for.</param>
    /// <param name="width">The width D of the vectors, when the pooling was made for one.</param>
    protected SequencePooling(string name, int? width = null) : base(name) => _width = width;

    /// <summary>Pools each sequence.</summary>
    /// <param name="x">Vectors, [B,L,D].</param>
    /// <param name="mask">Boolean [B,L], True = a real token.</param>
    /// <returns>One vector a sequence, [B,D].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or x holds NaN.</exception>
    public sealed override Tensor forward(Tensor x, Tensor mask)
    {
        SequenceInput.Require(x, mask, _width ?? x.shape.LastOrDefault());
        return Run(x, mask);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks.</summary>
    internal Tensor Run(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return Pool(x, mask).MoveToOuterDisposeScope();
    }

    /// <summary>The pooling itself; runs in a dispose scope of its own.</summary>
    protected abstract Tensor Pool(Tensor x, Tensor mask);

    /// <summary>Zeros for the rows without a real token.</summary>
    private protected static Tensor ZeroWhenEmpty(Tensor pooled, Tensor mask) =>
        pooled.masked_fill(mask.any(1, keepdim: true).logical_not(), Number(0));
}
