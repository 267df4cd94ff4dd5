using MlAttention.Classification;
using MlAttention.Torch.Engine;
using static TorchSharp.torch;

namespace MlAttention;

/// <summary>The attention weights of a trained classifier's layer, for inspection.</summary>
public sealed record AttentionWeightsOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Tokens" to "AttentionWeights".</summary>
    /// <param name="model">The trained classifier.</param>
    public AttentionWeightsOptions(AttentionClassifierModel model) : base(AttentionWeightsLayer.Component, "AttentionWeights", "Tokens") =>
        Model = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>The trained classifier.</summary>
    public AttentionClassifierModel Model { get; }

    /// <summary>The encoder layer.</summary>
    /// <value>From 0 to below the number of layers; default 0, the first.</value>
    public int Layer { get; init; }

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => AttentionWeightsLayer.TypeOf(Model);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        Model.Vocabulary.Check(input);
        LibTorch.Require(LayerName);
        return new AttentionWeightsLayer(Model, Layer);
    }

    private protected override void Validate(OptionErrors errors)
    {
        var architecture = Model.Architecture;
        errors.Require(architecture.Encoder == EncoderKind.Attention, nameof(Model), architecture.Encoder, "has no attention weights");
        errors.Require(Layer >= 0 && Layer < architecture.Layers, nameof(Layer), Layer, $"must be from 0 to {architecture.Layers - 1}");
    }
}

/// <summary>The weights [H,L,L] of each head in one layer: row i tells what token i attends to, and sums to 1.</summary>
internal sealed class AttentionWeightsLayer(AttentionClassifierModel model, int layer) : ModelLayer(Component, model)
{
    public const string Component = "AttentionWeights";

    private readonly AttentionWeightsReader _reader = new(model.Configuration, model.Weights);

    public override DataViewType OutputType => TypeOf(Model);

    public static VectorDataViewType TypeOf(AttentionClassifierModel model) => new(NumberDataViewType.Single, model.Architecture.Heads, 0, 0);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new Mapper(Model, batch => _reader.Read(batch)[layer], inputName, batchSize);

    public override void Write(ComponentState state)
    {
        base.Write(state);
        state.Add("layer", layer);
    }

    public static AttentionWeightsLayer Read(ComponentState state)
    {
        var model = ModelState.Read(state);
        var layer = state.TakeInt32("layer");
        new AttentionWeightsOptions(model) { Layer = layer }.Validate();
        return new AttentionWeightsLayer(model, layer);
    }

    private sealed class Mapper(AttentionClassifierModel model, Func<TokenBatch, float[]> read, string inputName, int batchSize) : ModelMapper(model, inputName, batchSize)
    {
        private readonly int _heads = model.Architecture.Heads;
        private float[] _weights = [];      // [B,H,L,L]
        private int _padded;

        public override void Run(int count)
        {
            var batch = Build(count);
            _padded = batch.Length;
            _weights = read(batch);
        }

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            var row = slot.Fetchable();
            var length = Tokens(row).Length;
            destination.Fill(_heads * length * length, (Mapper: this, Row: row), static (values, at) => at.Mapper.Cut(at.Row, values));
        });

        /// <summary>Copies a row's weights without its padding.</summary>
        private void Cut(int row, Span<float> weights)
        {
            var length = Tokens(row).Length;
            for (var line = 0; line < _heads * length; line++)
            {
                var (head, query) = Math.DivRem(line, length);
                _weights.AsSpan(((row * _heads + head) * _padded + query) * _padded, length).CopyTo(weights[(line * length)..]);
            }
        }
    }
}

/// <summary>What the heads of a trained classifier attend to, through its TorchSharp module, whichever engine trained it. Thread-safe.</summary>
/// <param name="configuration">The trained model; its encoder must be attention.</param>
/// <param name="weights">Its weights.</param>
internal sealed class AttentionWeightsReader(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights)
{
    private readonly TorchLayer<SequenceClassifier> _classifier = new(AttentionWeightsLayer.Component,
        () => new SequenceClassifier(configuration.Model, configuration.EmbeddingRows, configuration.Classes), weights);

    /// <summary>Weights [B,H,L,L] of each layer, L the padded length.</summary>
    public float[][] Read(TokenBatch batch) => _classifier.Run(module =>
    {
        var inputs = TorchBatch.Of(batch, CPU);
        return module.AttentionWeights(inputs.Tokens, inputs.Mask ?? ones_like(inputs.Tokens, dtype: ScalarType.Bool));
    });
}
