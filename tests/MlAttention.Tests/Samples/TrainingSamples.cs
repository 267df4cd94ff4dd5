using Microsoft.ML;
using Microsoft.ML.Data;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The code of docs/TRAINING.md about runs that end early and models that are trained on, run.</summary>
public class TrainingSamples
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void ContinueClassifier_NewWordsAndLabels()
    {
        var ml = _ml;
        var attention = ml.Attention();
        var reviews = attention.LoadCsv(Sample("reviews.csv"));
        ITransformer earlier = Pipeline(new TrainingOptions { Epochs = 8 }).Fit(reviews);
        ml.Model.Save(earlier, reviews.Schema, Sample("earlier.zip"));
        string[] rows = File.ReadAllLines(Sample("reviews.csv"));
        File.WriteAllLines(Sample("newer.csv"), [.. rows, .. rows.Skip(1).Select(row => $"{row[..row.IndexOf(" was", StringComparison.Ordinal)]} was edible,neutral")]);

        // sample: ContinueClassifier_NewWordsAndLabels
        ITransformer model = ml.Model.LoadAttention(Sample("earlier.zip"), out _);
        IDataView data = attention.LoadCsv(Sample("newer.csv"));        // "edible" is a new word, "neutral" a new label
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyData: attention.LabelKeys(model, data))
            .Append(attention.ContinueClassifier(model, new TrainingOptions { Epochs = 8 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer newer = pipeline.Fit(data);
        // end of sample

        var metrics = ml.MulticlassClassification.Evaluate(newer.Transform(data));
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.InRange(metrics.MicroAccuracy, 0.9, 1);
    }

    [Fact]
    public void Stop_WhenGoodEnough()
    {
        TrainingOptions options =
            // sample: Stop_WhenGoodEnough
            new TrainingOptions
            {
                MaxDuration = TimeSpan.FromMinutes(10),
                Progress = new Progress<TrainingProgress>(progress =>
                {
                    if (progress.CompletedEpoch?.ValidationAccuracy >= 0.95) progress.Stop();
                }),
            }
            // end of sample
        ;

        options = options with { Epochs = 5000, Patience = 0 };      // the report comes by another thread, some time after the epoch
        var model = Pipeline(options).Fit(_ml.Attention().LoadCsv(Sample("reviews.csv"))).OfType<AttentionClassifierTransformer>().Single().Model;

        Assert.Equal(TrainingStopReason.Stop, model.StopReason);
    }

    private EstimatorChain<AttentionClassifierTransformer> Pipeline(TrainingOptions training) => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Attention().TokenizeSequence("Tokens", "Text"))
        .Append(_ml.Attention().Classifier(new AttentionClassifierOptions { Training = training }));
}
