using MlAttention.Torch.Engine;
using MlAttention.Torch.Tensors;
using static TorchSharp.torch;

namespace MlAttention;

/// <summary>A layer of multi-head self-attention over token vectors.</summary>
public sealed record SelfAttentionOptions : SequenceLayerOptions
{
    private readonly AttentionOptions _attention = new();

    /// <summary>The defaults: from "Embeddings" to "Attended".</summary>
    public SelfAttentionOptions() : base(AttentionLayer.Component, "Attended", "Embeddings") { }

    /// <summary>Number of attention heads H.</summary>
    /// <value>At least 1; the width of the vectors must be a multiple; default 4.</value>
    public int Heads { get => _attention.Heads; init => _attention = _attention with { Heads = value }; }

    /// <summary>Which tokens a token may attend to.</summary>
    /// <value>Default <see cref="MaskKind.Bidirectional"/>.</value>
    public MaskKind Mask { get; init; } = MaskKind.Bidirectional;

    /// <inheritdoc cref="AttentionSettings.Score"/>
    public ScoreFunction Score { get => _attention.Score; init => _attention = _attention with { Score = value }; }

    /// <inheritdoc cref="AttentionSettings.AdditiveWidth"/>
    public int? AdditiveWidth { get => _attention.AdditiveWidth; init => _attention = _attention with { AdditiveWidth = value }; }

    /// <inheritdoc cref="AttentionSettings.Temperature"/>
    public double Temperature { get => _attention.Temperature; init => _attention = _attention with { Temperature = value }; }

    /// <inheritdoc cref="AttentionSettings.Algorithm"/>
    public AttentionAlgorithm Algorithm { get => _attention.Algorithm; init => _attention = _attention with { Algorithm = value }; }

    /// <inheritdoc cref="AttentionSettings.BlockSize"/>
    public int BlockSize { get => _attention.BlockSize; init => _attention = _attention with { BlockSize = value }; }

    /// <inheritdoc cref="AttentionSettings.WindowRadius"/>
    public int WindowRadius { get => _attention.WindowRadius; init => _attention = _attention with { WindowRadius = value }; }

    /// <inheritdoc cref="AttentionSettings.RandomFeatures"/>
    public int RandomFeatures { get => _attention.RandomFeatures; init => _attention = _attention with { RandomFeatures = value }; }

    /// <inheritdoc cref="AttentionSettings.OrthogonalFeatures"/>
    public bool OrthogonalFeatures { get => _attention.OrthogonalFeatures; init => _attention = _attention with { OrthogonalFeatures = value }; }

    /// <inheritdoc cref="AttentionSettings.RandomSeed"/>
    public int RandomSeed { get => _attention.RandomSeed; init => _attention = _attention with { RandomSeed = value }; }

    /// <summary>A position scheme that acts inside attention; sinusoidal and learned positions are added by AddPositions.</summary>
    /// <value>Default <see cref="PositionScheme.None"/>.</value>
    public PositionScheme Positions { get; init; } = PositionScheme.None;

    /// <summary>Details of the position scheme.</summary>
    public PositionOptions PositionDetails { get; init; } = new();

    /// <summary>Whether the input is added to the output: y = x + attention(x).</summary>
    /// <value>Default true.</value>
    public bool Residual { get; init; } = true;

    /// <summary>The seed of the weights, when there is no file.</summary>
    /// <value>Default null: drawn once from the MLContext when the estimator is made.</value>
    public int? Seed { get; init; }

    /// <summary>A safetensors file with the weights, named as in torch.nn.MultiheadAttention after <see cref="WeightPrefix"/>.</summary>
    /// <value>Default null: weights from the seed.</value>
    public string? WeightsPath { get; init; }

    /// <summary>What precedes the weights' names.</summary>
    /// <value>Default "encoder.layers.0.self_attn.", a classifier's first layer.</value>
    public string WeightPrefix { get; init; } = "encoder.layers.0.self_attn.";

    internal override ColumnRequirement Input => ColumnRequirement.TokenVectors("input", InputName);

    internal override DataViewType ExampleOutputType => TokenVectorColumn.TypeOf(1);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        var width = TokenVectorColumn.WidthOf(input);
        LibTorch.Require(LayerName);
        return AttentionLayer.Of(this, width, LayerWeights.Of(WeightPrefix, Seed ?? contextSeed, WeightsPath));
    }

    /// <summary>The attention for vectors of a width.</summary>
    internal AttentionOptions AttentionOf(int width) => _attention with { ModelWidth = width };

    private protected override void Validate(OptionErrors errors)
    {
        ModelLimits.Require(errors, PositionDetails);
        ModelLimits.RequireAttention(errors, _attention);
        _attention.ValidateForAnyWidth(errors);
        errors.Require(Positions.ActsOn != PositionTarget.Embeddings, nameof(Positions), Positions,
            "acts on the vectors before attention; use AddPositions");
        errors.Require(Positions != PositionScheme.RelativeBias, nameof(Positions), Positions,
            "is learned by a classifier and zero before, and belongs to all its layers; use ShawRelative, Rotary or Alibi");
        PositionDetails.Validate(errors);
    }
}

/// <summary>Multi-head self-attention, with the input added if wanted.</summary>
internal sealed class AttentionLayer(SelfAttentionOptions options, int width, IReadOnlyList<WeightTensor> weights)
    : TokenVectorLayer(Component, width, weights)
{
    public const string Component = "SelfAttention";

    private readonly TorchLayer<MultiHeadAttention> _layer = new(Component, () => Create(options, width), weights);

    public static AttentionLayer Of(SelfAttentionOptions options, int width, WeightSource weights)
    {
        var attention = options.AttentionOf(width);
        attention.Validate();
        return new AttentionLayer(options, width, weights(WeightLayout.Attention("", attention, options.Positions, options.PositionDetails)));
    }

    public static AttentionLayer Read(ComponentState state) =>
        Of(state.TakeOptions("options", LayerJson.Default.SelfAttentionOptions, options => options.Validate()), state.TakeWidth("width"), state.TakeWeights);

    protected override void WriteOptions(ComponentState state) => state.Add("options", options with { WeightsPath = null }, LayerJson.Default.SelfAttentionOptions);

    protected override float[] Apply(TokenVectorBatch batch) => _layer.Run(batch, Attend);

    private Tensor Attend(MultiHeadAttention module, Tensor x, Tensor realTokens)
    {
        var mask = AttentionMask.Combine(AttentionMask.Of(options.Mask, options.WindowRadius), AttentionMask.Padding(realTokens));
        var attended = module.call(x, x, x, mask);                                        // [B,L,D]
        return options.Residual ? x.Plus(attended) : attended;
    }

    private static MultiHeadAttention Create(SelfAttentionOptions options, int width)
    {
        var model = new SequenceModelOptions { ModelWidth = width, Heads = options.Heads, Mask = options.Mask, Positions = options.Positions, PositionDetails = options.PositionDetails };
        return new MultiHeadAttention(options.AttentionOf(width), PositionEncoding.Create(model));
    }
}
