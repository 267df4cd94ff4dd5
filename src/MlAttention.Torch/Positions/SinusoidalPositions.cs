namespace MlAttention;

/// <summary>Fixed sines and cosines of geometrically growing wavelengths, added to the embeddings; any length.</summary>
/// <remarks>
/// PE(p, 2i) = sin(p / base^(2i/D)), PE(p, 2i+1) = cos(p / base^(2i/D)) (interleaved, the paper); or all sines, then all cosines
/// (halves, the layout of tensor2tensor). An odd width has one sine more.
/// PE(p + k) is a linear function of PE(p), the same for every p.
/// Source: Vaswani et al. 2017, section 3.5.
/// </remarks>
public sealed class SinusoidalPositions : PositionEncoding
{
    private readonly int _width;
    private readonly double _base;
    private readonly bool _interleaved;

    /// <summary>Creates the scheme.</summary>
    /// <param name="modelWidth">Width D of the embeddings.</param>
    /// <param name="wavelengthBase">Base of the wavelengths' progression; greater than 1.</param>
    /// <param name="interleaved">Whether sines and cosines take turns, instead of one half each.</param>
    public SinusoidalPositions(int modelWidth, double wavelengthBase = 10000, bool interleaved = true) : base(nameof(SinusoidalPositions))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modelWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wavelengthBase, 1);
        (_width, _base, _interleaved) = (modelWidth, wavelengthBase, interleaved);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The embeddings have another width.</exception>
    public override Tensor AddToEmbeddings(Tensor embeddings)
    {
        RequireEmbeddings(embeddings, _width);
        using var scope = NewDisposeScope();
        var encoding = tensor(Table((int)embeddings.size(-2), _width, _base, _interleaved), dtype: embeddings.dtype, device: embeddings.device);
        return embeddings.Plus(encoding).MoveToOuterDisposeScope();
    }

    /// <summary>The encodings of positions 0 .. length - 1, [length,width].</summary>
    public static double[,] Table(int length, int width, double wavelengthBase = 10000, bool interleaved = true) =>
        SinusoidalTable.Of(length, width, wavelengthBase, interleaved);
}
