using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Schema;

namespace MlAttention.Pipeline.Classification;

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
