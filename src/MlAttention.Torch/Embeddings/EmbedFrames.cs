namespace MlAttention;

/// <summary>Embeds feature frames, for example of speech, stacking neighbours so that attention sees a shorter sequence.</summary>
/// <remarks>
/// token t = projection(concat(frame[t Stride], .., frame[t Stride + Stack - 1])); L = (T - Stack) / Stride + 1, rounded down.
/// Shapes: frames [B,T,F] -> [B,L,D]. A token is real when all its frames are (<see cref="TokenMask"/>).
/// Parameters: projection.weight [D,Stack F], projection.bias [D].
/// Source: Sak et al. 2015, section 3 (frame stacking); with truncated self-attention: Yeh et al. 2019.
/// </remarks>
public sealed class EmbedFrames : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "projection")] private readonly Linear _projection;
    private readonly int _features;
    private readonly int _stack;
    private readonly int _stride;

    /// <summary>Creates the layer with PyTorch's initial weights of a linear layer.</summary>
    /// <param name="features">Features F of a frame; at least 1.</param>
    /// <param name="modelWidth">Width D of the embeddings; at least 1.</param>
    /// <param name="stack">Frames that make one token; at least 1.</param>
    /// <param name="stride">Frames from one token's first to the next one's; at least 1.</param>
    public EmbedFrames(int features, int modelWidth, int stack = 1, int stride = 1) : base(nameof(EmbedFrames))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(modelWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stack, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        (_features, _stack, _stride) = (features, stack, stride);
        _projection = nn.Linear((long)stack * features, modelWidth);
        RegisterComponents();
    }

    /// <summary>The embedded frames.</summary>
    /// <param name="frames">[B,T,F] with at least as many frames as are stacked.</param>
    /// <returns>[B,L,D].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or a frame holds NaN.</exception>
    public override Tensor forward(Tensor frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        TensorChecks.RequireSequence(nameof(frames), frames, "B,T,F", null, null, _features, $"The layer was made for {_features} features a frame.");
        RequireLength(nameof(frames), frames.shape[1]);
        TensorChecks.RequireNumbers(nameof(frames), frames);
        using var scope = NewDisposeScope();
        var stacked = frames.unfold(1, _stack, _stride)                                  // [B,L,F,Stack]
            .transpose(2, 3).flatten(2);                                                 // [B,L,Stack F]
        return _projection.call(stacked).MoveToOuterDisposeScope();                      // [B,L,D]
    }

    /// <summary>Which tokens are made of real frames alone.</summary>
    /// <param name="frameMask">Boolean [B,T], True = a real frame.</param>
    /// <returns>Boolean [B,L].</returns>
    /// <exception cref="ArgumentException">The mask is not boolean [B,T], or shorter than the frames that are stacked.</exception>
    public Tensor TokenMask(Tensor frameMask)
    {
        ArgumentNullException.ThrowIfNull(frameMask);
        if (frameMask.dtype != ScalarType.Bool || frameMask.dim() != 2)
            throw new ArgumentException($"frameMask must be boolean of shape [B,T]; got {frameMask.dtype} {ShapeText.Of(frameMask)}. True = a real frame.", nameof(frameMask));
        RequireLength(nameof(frameMask), frameMask.shape[1]);
        using var scope = NewDisposeScope();
        return frameMask.unfold(1, _stack, _stride).all(2).MoveToOuterDisposeScope();
    }

    private void RequireLength(string name, long frames)
    {
        if (frames < _stack)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} has {frames} frames; a token stacks {_stack}. Pad the frames to at least {_stack}."), name);
    }
}
