using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Engines;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline.Classification;

/// <summary>Scores the rows of a batch.</summary>
internal sealed class ClassifierMapper(AttentionClassifierTransformer transformer, int batchSize) : BatchMapper
{
    private const int PredictedLabelOutput = 0;

    private readonly AttentionClassifierModel _model = transformer.Model;
    private readonly SequenceBatch _batch = new(transformer.Model.Architecture, transformer.Model.VocabularySize, transformer.Model.Truncation, batchSize);
    private readonly float[] _probabilities = new float[batchSize * transformer.Model.ClassCount];

    public override void Bind(DataViewRow input) => _batch.Bind(input, input.Schema[transformer.FeatureColumnName]);

    public override void Read(int slot) => _batch.Read(slot);

    public override void Run(int count)
    {
        var logits = _probabilities.AsSpan(0, count * _model.ClassCount);
        _model.Scorer.Score(_batch.Build(count), logits);
        for (var row = 0; row < count; row++) Softmax.InPlace(Row(row));
    }

    public override Delegate MakeGetter(int output, BatchSlot slot) => output == PredictedLabelOutput
        ? (ValueGetter<uint>)((ref uint destination) => destination = (uint)Softmax.IndexOfLargest(Row(slot.Fetchable())) + 1)
        : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, _model.ClassCount);
            Row(slot.Fetchable()).CopyTo(editor.Values);
            destination = editor.Commit();
        });

    public override int CutTokens(int slot) => _batch.CutTokens(slot);

    private Span<float> Row(int row) => _probabilities.AsSpan(row * _model.ClassCount, _model.ClassCount);
}
