using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Examples.KeywordSpotting;

/// <summary>
/// Says after each token of sound whether a keyword has just ended. Attention is truncated: a token sees itself and the w tokens before
/// it in each layer, and so layers times w tokens of the past and nothing of the future. A stream needs no more than that to be kept.
/// </summary>
public sealed class KeywordDetector : nn.Module<Tensor, Tensor>
{
    public const int Layers = 2;
    private const int Width = 32;

    private readonly EmbedFrames _frames;
    private readonly AttentionEncoder _encoder;
    private readonly Linear _head;

    /// <summary>Creates a detector.</summary>
    /// <param name="window">Tokens before its own that a token sees in each layer; null for all.</param>
    public KeywordDetector(int? window) : base(nameof(KeywordDetector))
    {
        var options = new SequenceModelOptions
        {
            ModelWidth = Width, Heads = 4, Layers = Layers, FeedForwardWidth = 2 * Width, Dropout = 0, MaxLength = KeywordSounds.Tokens,
            Positions = PositionScheme.Rotary, Mask = window is null ? MaskKind.Causal : MaskKind.CausalLocalWindow, WindowRadius = window ?? 0,
        };
        _frames = new EmbedFrames(KeywordSounds.Bands, Width, KeywordSounds.FramesPerToken, KeywordSounds.FramesPerToken);
        _encoder = new AttentionEncoder(options, () => PositionEncoding.Create(options)); // rotary positions: distances alone, so a stream may begin anywhere
        _head = nn.Linear(Width, KeywordSounds.Classes.Count);
        RegisterComponents();
    }

    /// <summary>Logits of the classes [B,L,C] of each token of sounds [B,T,F].</summary>
    public override Tensor forward(Tensor energies)
    {
        using var scope = NewDisposeScope();
        var tokens = _frames.call(energies);                                             // [B,L,D]
        return _head.call(_encoder.call(tokens, Real(tokens))).MoveToOuterDisposeScope();
    }

    /// <summary>How much each token looks at each, mean of the heads of the last layer, [B,L,L].</summary>
    public Tensor Attention(Tensor energies)
    {
        using var scope = NewDisposeScope();
        var tokens = _frames.call(energies);
        return _encoder.AttentionWeights(tokens, Real(tokens))[^1].mean([1]).MoveToOuterDisposeScope();
    }

    private static Tensor Real(Tensor tokens) => ones(tokens.shape[0], tokens.shape[1], ScalarType.Bool);
}
