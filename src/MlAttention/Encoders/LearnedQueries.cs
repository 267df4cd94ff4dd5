using MlAttention.Attention;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>Trained vectors, the same for every sequence of a batch: a decoder's input, or a memory to attend to.</summary>
/// <remarks>Parameter: weight [Q,D]. Shapes: like [B,..] -> [B,Q,D]. Source: Carion et al. 2020, section 3.2 (object queries).</remarks>
public sealed class LearnedQueries : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;

    /// <summary>Creates the vectors from a normal distribution of standard deviation D^-0.5.</summary>
    /// <param name="count">The number of vectors Q; at least 1.</param>
    /// <param name="width">Their width D; at least 1.</param>
    public LearnedQueries(int count, int width) : base(nameof(LearnedQueries))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _weight = nn.Parameter(nn.init.normal_(empty(count, width), 0, 1 / Math.Sqrt(width)));
        RegisterComponents();
    }

    /// <summary>The vectors, once for each sequence.</summary>
    /// <param name="like">Any tensor whose first dimension is the batch.</param>
    /// <returns>[B,Q,D].</returns>
    /// <exception cref="ArgumentException">The tensor has no dimension.</exception>
    public override Tensor forward(Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (like.dim() == 0) throw new ArgumentException($"like must have shape [B,..]; got {ShapeText.Of(like)}. Its first dimension is the number of sequences.", nameof(like));
        using var scope = NewDisposeScope();
        return _weight.unsqueeze(0).expand(like.shape[0], -1, -1).MoveToOuterDisposeScope();
    }
}
