using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Encoders;
using MlAttention.Engines.Torch;
using MlAttention.Pipeline.Classification;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using static TorchSharp.torch;

namespace MlAttention.Pipeline.Layers;

/// <summary>The weights [H,L,L] of each head in one layer: row i tells what token i attends to, and sums to 1.</summary>
internal sealed class AttentionWeightsLayer(AttentionClassifierModel model, int layer) : SequenceLayer
{
    public const string Component = "AttentionWeights";

    private readonly TorchLayer<SequenceClassifier> _classifier = new(
        Component, () => new SequenceClassifier(model.Architecture, model.Configuration.EmbeddingRows, model.ClassCount), model.Weights);

    public override string ComponentName => Component;

    public override DataViewType OutputType => TypeOf(model);

    public static VectorDataViewType TypeOf(AttentionClassifierModel model) => new(NumberDataViewType.Single, model.Architecture.Heads, 0, 0);

    public override int MaxLength => model.Architecture.MaxLength;

    public override void CheckInput(DataViewSchema schema, string columnName) => model.Vocabulary.Check(schema, columnName);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new Mapper(this, inputName, batchSize);

    public override void Write(StateWriter writer)
    {
        ModelState.Write(writer, model);
        writer.Write(layer);
    }

    public static AttentionWeightsLayer Read(StateReader reader)
    {
        var model = ModelState.Read(reader);
        var layer = reader.ReadInt32();
        new AttentionWeightsOptions(model) { Layer = layer }.Validate();
        return new AttentionWeightsLayer(model, layer);
    }

    private AttentionClassifierModel Model => model;

    /// <summary>Weights [B,H,L,L] of a batch, L the padded length.</summary>
    private float[] Weights(Engines.TokenBatch batch) => _classifier.Run(module =>
    {
        var inputs = TorchBatch.Of(batch, CPU);
        return module.AttentionWeights(inputs.Tokens, inputs.Mask)[layer];
    });

    private sealed class Mapper(AttentionWeightsLayer layer, string inputName, int batchSize) : BatchMapper
    {
        private readonly SequenceBatch _batch = new(layer.Model.Architecture, layer.Model.VocabularySize, layer.Model.Truncation, batchSize);
        private readonly int _heads = layer.Model.Architecture.Heads;
        private float[] _weights = [];
        private int _padded;

        public override void Bind(DataViewRow input) => _batch.Bind(input, input.Schema[inputName]);

        public override void Read(int slot) => _batch.Read(slot);

        public override int CutTokens(int slot) => _batch.CutTokens(slot);

        public override void Run(int count)
        {
            var batch = _batch.Build(count);
            _padded = batch.Length;
            _weights = layer.Weights(batch);
        }

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            var row = slot.Fetchable();
            var length = _batch.Length(row);
            var editor = VBufferEditor.Create(ref destination, _heads * length * length);
            for (var line = 0; line < _heads * length; line++)
            {
                var (head, query) = Math.DivRem(line, length);
                _weights.AsSpan(((row * _heads + head) * _padded + query) * _padded, length).CopyTo(editor.Values[(line * length)..]);
            }

            destination = editor.Commit();
        });
    }
}
