using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Architecture;
using MlAttention.Attention;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Positions;
using MlAttention.Weights;
using static TorchSharp.torch;

namespace MlAttention.Pipeline.Layers;

/// <summary>Multi-head self-attention, with the input added if wanted.</summary>
internal sealed class AttentionLayer(SelfAttentionOptions options, int width, IReadOnlyList<WeightTensor> weights) : SequenceLayer
{
    public const string Component = "SelfAttention";

    private readonly TorchLayer<MultiHeadAttention> _layer = new(Component, () => Create(options, width), weights);

    public override string ComponentName => Component;

    public override DataViewType OutputType => TokenVectors.TypeOf(width);

    /// <summary>The layer's weights.</summary>
    public static IReadOnlyList<WeightShape> Layout(SelfAttentionOptions options, int width) => WeightLayout.Attention("", options.AttentionOf(width), options.Positions, options.PositionDetails);

    public override void CheckInput(DataViewSchema schema, string columnName) => TokenVectors.Check(schema, columnName, width);

    public override BatchMapper CreateMapper(string inputName, int batchSize) =>
        new TokenVectorMapper(inputName, width, batchSize, batch => _layer.Run(batch, Attend), pools: false);

    public override void Write(StateWriter writer)
    {
        writer.WriteOptions(options with { WeightsPath = null });
        writer.Write(width);
        writer.Write(weights);
    }

    public static AttentionLayer Read(StateReader reader)
    {
        var options = reader.ReadOptions<SelfAttentionOptions>();
        options.Validate();
        var width = reader.ReadWidth();
        options.AttentionOf(width).Validate();
        return new AttentionLayer(options, width, reader.ReadWeights(Layout(options, width)));
    }

    private Tensor Attend(MultiHeadAttention module, Tensor x, Tensor realTokens)
    {
        var mask = AttentionMask.Combine(AttentionMask.Of(options.Mask, options.WindowRadius), AttentionMask.Padding(realTokens));
        var attended = module.call(x, x, x, mask);                                        // [B,L,D]
        return options.Residual ? x + attended : attended;
    }

    private static MultiHeadAttention Create(SelfAttentionOptions options, int width)
    {
        var causal = options.Mask.IsCausal;
        var shape = new PositionShape(width, options.Heads, MaxLength: 1, causal);
        return new MultiHeadAttention(options.AttentionOf(width), PositionFactory.Create(options.Positions, shape, options.PositionDetails));
    }
}
