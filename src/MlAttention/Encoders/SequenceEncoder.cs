using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>Turns a padded sequence of embeddings into a sequence of contextual vectors of the same shape.</summary>
/// <remarks>
/// Shapes: x [B,L,D], mask [B,L] boolean with True = a real token -> [B,L,D].
/// What stands at padded positions of x changes no real position of the output: a row alone and the same row padded in any
/// batch agree. The output's own padded positions hold arbitrary numbers; a pooling leaves them out.
/// </remarks>
public abstract class SequenceEncoder : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates the base.</summary>
    /// <param name="name">The module's name, as TorchSharp asks for.</param>
    /// <param name="width">The width D of the vectors; at least 1.</param>
    protected SequenceEncoder(string name, int width) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Width = width;
    }

    /// <summary>The width D of the vectors.</summary>
    public int Width { get; }

    /// <summary>Encodes a batch of sequences.</summary>
    /// <param name="x">Embeddings, [B,L,D].</param>
    /// <param name="mask">Boolean [B,L], True = a real token.</param>
    /// <returns>Contextual vectors, [B,L,D].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or x holds NaN.</exception>
    public sealed override Tensor forward(Tensor x, Tensor mask)
    {
        SequenceInput.Require(x, mask, Width);
        return Run(x, mask);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks.</summary>
    internal Tensor Run(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return Encode(x, mask).MoveToOuterDisposeScope();
    }

    /// <summary>The encoding itself; runs in a dispose scope of its own and returns a new tensor.</summary>
    protected abstract Tensor Encode(Tensor x, Tensor mask);
}
