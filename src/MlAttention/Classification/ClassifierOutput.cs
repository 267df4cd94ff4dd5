namespace MlAttention.Classification;

/// <summary>The output columns of a classifier, with the annotations of ML.NET's own multi-class trainers.</summary>
internal static class ClassifierColumns
{
    /// <summary>PredictedLabel, then Score.</summary>
    public static DataViewSchema.DetachedColumn[] Make(string predictedLabelName, string scoreName, int classCount, KeyValues? labels, uint setId)
    {
        var predicted = new DataViewSchema.Annotations.Builder();
        predicted.AddScore(setId, "PredictedLabel");
        labels?.AddTo(predicted, AnnotationKinds.KeyValues);

        var score = new DataViewSchema.Annotations.Builder();
        score.AddScore(setId, "Score");
        labels?.AddTo(score, AnnotationKinds.TrainingLabelValues);
        if (labels?.Texts is { } names) score.AddTexts(AnnotationKinds.SlotNames, names);

        return
        [
            new(predictedLabelName, new KeyDataViewType(typeof(uint), classCount), predicted.ToAnnotations()),
            new(scoreName, new VectorDataViewType(NumberDataViewType.Single, classCount), score.ToAnnotations()),
        ];
    }
}

/// <summary>The columns of a fitted classifier.</summary>
internal sealed record ClassifierColumnNames(string Tokens, string PredictedLabel, string Score);

/// <summary>Maps the sequences that a trained classifier takes.</summary>
internal abstract class ModelMapper(AttentionClassifierModel model, string inputName, int batchSize)
    : SequenceBatchMapper(inputName, model.VocabularySize, model.Architecture, batchSize)
{
    protected AttentionClassifierModel Model => model;
}

/// <summary>Scores the rows of a batch.</summary>
internal sealed class ClassifierMapper(AttentionClassifierModel model, string inputName, int batchSize) : ModelMapper(model, inputName, batchSize)
{
    private const int PredictedLabelOutput = 0;

    private readonly int _classes = model.ClassCount;
    private readonly float[] _probabilities = new float[batchSize * model.ClassCount];

    public override void Run(int count)
    {
        Model.Scorer.Score(Build(count), _probabilities.AsSpan(0, count * _classes));
        for (var row = 0; row < count; row++) Softmax.InPlace(Row(row));
    }

    public override Delegate MakeGetter(int output, BatchSlot slot) => output == PredictedLabelOutput
        ? (ValueGetter<uint>)((ref uint destination) => destination = (uint)Softmax.IndexOfLargest(Row(slot.Fetchable())) + 1)
        : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) => destination.Set<float>(Row(slot.Fetchable())));

    private Span<float> Row(int row) => _probabilities.AsSpan(row * _classes, _classes);
}
