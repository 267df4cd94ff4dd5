using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Engines;
using MlAttention.Pipeline.Classification;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Layers;

/// <summary>A classifier's pooled vector, which its head would see.</summary>
/// <remarks>With the identity matrix as head, the logits are that vector: any engine that scores can encode.</remarks>
internal sealed class EncodingLayer(AttentionClassifierModel model) : SequenceLayer
{
    public const string Component = "EncodeSequence";

    private readonly Lazy<ISequenceScorer> _encoder = new(() =>
        SequenceEngines.Factory.CreateScorer(model.Configuration with { Classes = model.Architecture.ModelWidth }, WithIdentityHead(model)));

    public override string ComponentName => Component;

    public override DataViewType OutputType => new VectorDataViewType(NumberDataViewType.Single, model.Architecture.ModelWidth);

    public override int MaxLength => model.Architecture.MaxLength;

    public override void CheckInput(DataViewSchema schema, string columnName) => model.Vocabulary.Check(schema, columnName);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new Mapper(this, inputName, batchSize);

    public override void Write(StateWriter writer) => ModelState.Write(writer, model);

    public static EncodingLayer Read(StateReader reader) => new(ModelState.Read(reader));

    private static IReadOnlyList<WeightTensor> WithIdentityHead(AttentionClassifierModel model)
    {
        var width = model.Architecture.ModelWidth;
        var identity = new float[width * width];
        for (var i = 0; i < width; i++) identity[i * width + i] = 1;
        return [.. model.Weights.Select(weight => weight.Name switch
        {
            "head.weight" => new WeightTensor(weight.Name, [width, width], identity),
            "head.bias" => new WeightTensor(weight.Name, [width], new float[width]),
            _ => weight,
        })];
    }

    private AttentionClassifierModel Model => model;

    private sealed class Mapper(EncodingLayer layer, string inputName, int batchSize) : BatchMapper
    {
        private readonly SequenceBatch _batch = new(layer.Model.Architecture, layer.Model.VocabularySize, layer.Model.Truncation, batchSize);
        private readonly int _width = layer.Model.Architecture.ModelWidth;
        private readonly float[] _vectors = new float[batchSize * layer.Model.Architecture.ModelWidth];

        public override void Bind(DataViewRow input) => _batch.Bind(input, input.Schema[inputName]);

        public override void Read(int slot) => _batch.Read(slot);

        public override int CutTokens(int slot) => _batch.CutTokens(slot);

        public override void Run(int count) => layer._encoder.Value.Score(_batch.Build(count), _vectors.AsSpan(0, count * _width));

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            var row = slot.Fetchable();
            var editor = VBufferEditor.Create(ref destination, _width);
            _vectors.AsSpan(row * _width, _width).CopyTo(editor.Values);
            destination = editor.Commit();
        });
    }
}
