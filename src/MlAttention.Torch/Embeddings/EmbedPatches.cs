namespace MlAttention;

/// <summary>Cuts images into square patches and embeds each, so that attention sees an image as a sequence.</summary>
/// <remarks>
/// token (r, c) = projection(flatten(image[.., r P .. r P + P, c P .. c P + P])), read row by row; L = (Height / P) (Width / P).
/// Shapes: images [B,Channels,Height,Width] -> [B,L,D]. It is the stride-P convolution of ViT, written as cutting and one product.
/// Parameters: projection.weight [D,Channels P P] (a flattened convolution kernel [D,Channels,P,P]), projection.bias [D].
/// Positions are not added: a <see cref="PositionEncoding"/> does that. Source: Dosovitskiy et al. 2021, section 3.1, equation 1.
/// </remarks>
public sealed class EmbedPatches : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "projection")] private readonly Linear _projection;
    private readonly int _channels;
    private readonly int _patchSize;

    /// <summary>Creates the layer with PyTorch's initial weights of a linear layer.</summary>
    /// <param name="channels">Channels of the images; at least 1.</param>
    /// <param name="patchSize">Side P of a patch in pixels; at least 1.</param>
    /// <param name="modelWidth">Width D of the embeddings; at least 1.</param>
    public EmbedPatches(int channels, int patchSize, int modelWidth) : base(nameof(EmbedPatches))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(modelWidth, 1);
        (_channels, _patchSize) = (channels, patchSize);
        _projection = nn.Linear((long)channels * patchSize * patchSize, modelWidth);
        RegisterComponents();
    }

    /// <summary>The embedded patches.</summary>
    /// <param name="images">[B,Channels,Height,Width]; height and width multiples of the patch size.</param>
    /// <returns>[B,L,D].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or an image holds NaN.</exception>
    public override Tensor forward(Tensor images)
    {
        Require(images);
        using var scope = NewDisposeScope();
        var (batch, rows, columns) = (images.shape[0], images.shape[2] / _patchSize, images.shape[3] / _patchSize);
        var patches = images
            .reshape(batch, _channels, rows, _patchSize, columns, _patchSize)            // [B,Channels,rows,P,columns,P]
            .permute(0, 2, 4, 1, 3, 5)                                                   // [B,rows,columns,Channels,P,P]
            .reshape(batch, rows * columns, -1);                                         // [B,L,Channels P P]
        return _projection.call(patches).MoveToOuterDisposeScope();                      // [B,L,D]
    }

    private void Require(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[1] != _channels)
            throw new ArgumentException($"images must have shape [B,Channels,Height,Width]=[B,{_channels},Height,Width]; got {ShapeText.Of(images)}.", nameof(images));
        if (images.shape[2] % _patchSize != 0 || images.shape[3] % _patchSize != 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"images of {images.shape[2]} x {images.shape[3]} pixels cannot be cut into patches of {_patchSize} x {_patchSize}. Pad or crop them to multiples of {_patchSize}."), nameof(images));
        TensorChecks.RequireNumbers(nameof(images), images);
    }
}
