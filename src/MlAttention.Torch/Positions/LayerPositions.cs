namespace MlAttention.Torch.Positions;

/// <summary>The positions of a stack of layers: one scheme that all share, or one for each layer where the scheme asks for that.</summary>
/// <param name="Shared">What adds positions to the embeddings, and belongs to the model; null where each layer has its own.</param>
/// <param name="OfLayer">Gives the positions of the next layer.</param>
internal sealed record LayerPositions(PositionEncoding? Shared, Func<PositionEncoding> OfLayer)
{
    /// <summary>The positions of a model.</summary>
    /// <param name="options">The architecture.</param>
    /// <param name="make">Makes a scheme for it.</param>
    public static LayerPositions Of(SequenceModelOptions options, Func<SequenceModelOptions, PositionEncoding> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var positions = make(options);
        if (!positions.PerLayer) return new(positions, () => positions);
        PositionEncoding? first = positions;
        return new(null, () => Interlocked.Exchange(ref first, null) ?? make(options));
    }
}
