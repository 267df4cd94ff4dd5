using static TorchSharp.torch;

namespace MlAttention.Examples.ObjectQueries;

/// <summary>How the patches say where they lie.</summary>
public enum PatchPositions
{
    None,
    Grid,
    Learned,
}

/// <summary>
/// A small DETR: patches of the image become a sequence, an encoder lets them see each other, and a few learned queries ask
/// them, each for one object. Every layer of the decoder has the same head, so that each can learn by itself.
/// </summary>
public sealed class ShapeDetector : nn.Module<Tensor, Detections>
{
    public const int PatchSize = 4, Patches = ShapeImages.Side / PatchSize, Queries = 6;
    private const double WavelengthBase = 100;

    private readonly EmbedPatches _patches;
    private readonly PositionEncoding _positions;
    private readonly AttentionEncoder _encoder;
    private readonly ObjectQueryDecoder _decoder;
    private readonly DetectionHead _head;

    public ShapeDetector(PatchPositions positions, SequenceModelOptions encoder, int decoderLayers) : base(nameof(ShapeDetector))
    {
        var width = encoder.ModelWidth;
        _patches = new EmbedPatches(3, PatchSize, width);
        _positions = positions switch
        {
            PatchPositions.Grid => new GridPositions(Patches, Patches, width, WavelengthBase),
            PatchPositions.Learned => new LearnedPositions(Patches * Patches, width),
            _ => PositionEncoding.Create(encoder with { Positions = PositionScheme.None }),
        };
        _encoder = new AttentionEncoder(encoder);
        _decoder = new ObjectQueryDecoder(encoder with { Layers = decoderLayers }, Queries);
        _head = new DetectionHead(width, ShapeImages.Classes.Count);
        RegisterComponents();
    }

    /// <summary>What each query has found in each image [B,3,H,W].</summary>
    public override Detections forward(Tensor images) => AtEachLayer(images)[^1];

    /// <summary>What each query has found behind each layer of the decoder.</summary>
    public IReadOnlyList<Detections> AtEachLayer(Tensor images)
    {
        using var scope = NewDisposeScope();
        Detections[] found = [.. _decoder.LayerOutputs(Memory(images)).Select(_head.call)];
        foreach (var layer in found)
        {
            layer.Logits.MoveToOuterDisposeScope();
            layer.Boxes.MoveToOuterDisposeScope();
        }
        return found;
    }

    /// <summary>Which patches each query looks at in the last layer, mean of its heads, [B,Q,S].</summary>
    public Tensor QueryAttention(Tensor images)
    {
        using var scope = NewDisposeScope();
        return _decoder.CrossAttentionWeights(Memory(images))[^1].mean([1]).MoveToOuterDisposeScope();
    }

    private Tensor Memory(Tensor images)
    {
        var patches = _positions.AddToEmbeddings(_patches.call(images));                 // [B,S,D]
        return _encoder.call(patches, ones(patches.shape[0], patches.shape[1], ScalarType.Bool));
    }
}
