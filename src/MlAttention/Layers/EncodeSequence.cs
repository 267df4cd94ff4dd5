using MlAttention.Classification;

namespace MlAttention;

/// <summary>A trained classifier's encoder as a featurizer.</summary>
public sealed record EncodeSequenceOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Tokens" to "Features".</summary>
    /// <param name="model">The trained classifier.</param>
    public EncodeSequenceOptions(AttentionClassifierModel model) : base(EncodingLayer.Component, "Features", "Tokens") =>
        Model = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>The trained classifier.</summary>
    public AttentionClassifierModel Model { get; }

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => new VectorDataViewType(NumberDataViewType.Single, 1);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        Model.Vocabulary.Check(input);
        return new EncodingLayer(Model);
    }
}

/// <summary>A classifier's pooled vector, which its head would see.</summary>
internal sealed class EncodingLayer(AttentionClassifierModel model) : ModelLayer(Component, model)
{
    public const string Component = "EncodeSequence";

    public override DataViewType OutputType => new VectorDataViewType(NumberDataViewType.Single, Model.Architecture.ModelWidth);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new Mapper(Model, inputName, batchSize);

    public static EncodingLayer Read(ComponentState state) => new(ModelState.Read(state));

    private sealed class Mapper(AttentionClassifierModel model, string inputName, int batchSize) : ModelMapper(model, inputName, batchSize)
    {
        private readonly int _width = model.Architecture.ModelWidth;
        private readonly float[] _vectors = new float[batchSize * model.Architecture.ModelWidth];

        public override void Run(int count) => Model.Scorer.Encode(Build(count), _vectors.AsSpan(0, count * _width));

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
            destination.Set<float>(_vectors.AsSpan(slot.Fetchable() * _width, _width)));
    }
}
