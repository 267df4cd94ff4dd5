namespace MlAttention;

/// <summary>Rows and columns of an image's patches, as sines and cosines added to the embeddings: half of the width for each.</summary>
/// <remarks>
/// For the patch in row r and column c, read row by row as <see cref="EmbedPatches"/> gives them:
/// x[r C + c] + concat(PE(r), PE(c)), PE of width D/2 as in <see cref="SinusoidalPositions"/>.
/// Shapes: embeddings [B,L,D] with L = rows times columns -> [B,L,D].
/// Source: Carion et al. 2020, appendix A.4 (fixed spatial encodings), here of whole rows and columns and added once.
/// </remarks>
public sealed class GridPositions : PositionEncoding
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _width;
    private readonly double _base;

    /// <summary>Creates the scheme.</summary>
    /// <param name="rows">Rows of patches; at least 1.</param>
    /// <param name="columns">Columns of patches; at least 1.</param>
    /// <param name="modelWidth">Width D of the embeddings; even.</param>
    /// <param name="wavelengthBase">Base of the wavelengths' progression; greater than 1. Small grids ask for a small one.</param>
    public GridPositions(int rows, int columns, int modelWidth, double wavelengthBase = 10000) : base(nameof(GridPositions))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(modelWidth, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(modelWidth % 2, 0, nameof(modelWidth));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wavelengthBase, 1);
        (_rows, _columns, _width, _base) = (rows, columns, modelWidth, wavelengthBase);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The embeddings have another width, or are not one for each patch of the grid.</exception>
    public override Tensor AddToEmbeddings(Tensor embeddings)
    {
        RequireEmbeddings(embeddings, _width);
        if (embeddings.size(-2) != _rows * _columns)
            throw new ArgumentException($"embeddings must have shape [B,L,D]=[B,{_rows * _columns},{_width}]; got {ShapeText.Of(embeddings)}. The grid has {_rows} x {_columns} patches.", nameof(embeddings));
        using var scope = NewDisposeScope();
        var ofRows = Encoding(_rows, embeddings).unsqueeze(1).expand(_rows, _columns, -1);       // [rows,columns,D/2]
        var ofColumns = Encoding(_columns, embeddings).unsqueeze(0).expand(_rows, _columns, -1);
        return embeddings.Plus(cat([ofRows, ofColumns], 2).flatten(0, 1)).MoveToOuterDisposeScope();
    }

    private Tensor Encoding(int length, Tensor like) =>
        tensor(SinusoidalPositions.Table(length, _width / 2, _base), dtype: like.dtype, device: like.device);
}
