using MlAttention.Pipeline.Persistence;

namespace MlAttention.Pipeline;

/// <summary>What makes each component of a model file again. Names are fixed here, so a file can name nothing else.</summary>
internal static class ComponentRegistry
{
    private static readonly Dictionary<string, Func<StateReader, SequenceTransformer>> Readers = new(StringComparer.Ordinal)
    {
        [SequenceTokenizingTransformer.Component] = SequenceTokenizingTransformer.Read,
        [AttentionClassifierTransformer.Component] = AttentionClassifierTransformer.Read,
        [EmbeddingLayer.Component] = reader => SequenceLayerTransformer.Read(reader, EmbeddingLayer.Read),
        [PositionLayer.Component] = reader => SequenceLayerTransformer.Read(reader, PositionLayer.Read),
        [AttentionLayer.Component] = reader => SequenceLayerTransformer.Read(reader, AttentionLayer.Read),
        [PoolingLayer.Component] = reader => SequenceLayerTransformer.Read(reader, PoolingLayer.Read),
        [EncodingLayer.Component] = reader => SequenceLayerTransformer.Read(reader, EncodingLayer.Read),
        [AttentionWeightsLayer.Component] = reader => SequenceLayerTransformer.Read(reader, AttentionWeightsLayer.Read),
    };

    /// <exception cref="InvalidDataException">There is no such component, or its state is damaged.</exception>
    public static SequenceTransformer Create(string component, ReadOnlyMemory<byte> state, int version)
    {
        if (!Readers.TryGetValue(component, out var read))
            throw new InvalidDataException($"The model has a component '{component}' that this version of MlAttention does not know. Was it saved by a newer one?");
        try
        {
            var reader = new StateReader(state, version);
            var transformer = read(reader);
            reader.RequireEnd();
            return transformer;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"The model's component '{component}' is damaged: {exception.Message}", exception);
        }
    }
}
