namespace MlAttention;

/// <summary>What makes each component of a model file again. Names are fixed here, so a file can name nothing else.</summary>
internal static class ComponentRegistry
{
    private static readonly Dictionary<string, Func<ComponentState, SequenceTransformer>> Readers = new(StringComparer.Ordinal)
    {
        [SequenceTokenizingTransformer.Component] = SequenceTokenizingTransformer.Read,
        [WordTokenizingTransformer.Component] = WordTokenizingTransformer.Read,
        [TextEmbeddingTransformer.Component] = TextEmbeddingTransformer.Read,
        [AttentionClassifierTransformer.Component] = AttentionClassifierTransformer.Read,
        [SequenceToSequenceTransformer.Component] = SequenceToSequenceTransformer.Read,
        [TextGeneratorTransformer.Component] = TextGeneratorTransformer.Read,
        [EmbeddingLayer.Component] = state => SequenceLayerTransformer.Read(state, EmbeddingLayer.Read),
        [PositionLayer.Component] = state => SequenceLayerTransformer.Read(state, PositionLayer.Read),
        [AttentionLayer.Component] = state => SequenceLayerTransformer.Read(state, AttentionLayer.Read),
        [PoolingLayer.Component] = state => SequenceLayerTransformer.Read(state, PoolingLayer.Read),
        [EncodingLayer.Component] = state => SequenceLayerTransformer.Read(state, EncodingLayer.Read),
        [AttentionWeightsLayer.Component] = state => SequenceLayerTransformer.Read(state, AttentionWeightsLayer.Read),
        [ContributionsLayer.Component] = state => SequenceLayerTransformer.Read(state, ContributionsLayer.Read),
    };

    /// <summary>The component of a state.</summary>
    /// <param name="bytes">The state.</param>
    /// <param name="environment">Whose log the component tells what it cuts; null for nobody's.</param>
    /// <exception cref="InvalidDataException">There is no such component, or its state is damaged or of another version.</exception>
    public static SequenceTransformer Open(byte[] bytes, IHostEnvironment? environment = null)
    {
        var state = ComponentState.Of(bytes);
        if (!Readers.TryGetValue(state.Component, out var read))
            throw new InvalidDataException($"The model has a component '{state.Component}' that this version of MlAttention does not know. Was it saved by a newer one?");
        try
        {
            var transformer = read(state);
            state.RequireAllTaken();
            transformer.Truncation.Host = environment?.Register(state.Component);
            return transformer;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"The model's component '{state.Component}' is damaged: {exception.Message}", exception);
        }
    }
}
