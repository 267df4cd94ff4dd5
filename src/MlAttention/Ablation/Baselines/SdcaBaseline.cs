using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MlAttention.Data;

namespace MlAttention.Ablation.Baselines;

/// <summary>ML.NET's own linear softmax trainer on the counts of words and of pairs of neighbouring words. Only in builds with the official packages.</summary>
internal static class SdcaBaseline
{
    /// <summary>Trains and predicts; one thread, so that a seed always gives the same model.</summary>
    public static (int[] Predictions, int Parameters) Run(TokenDataset training, TokenDataset test, int seed)
    {
        var context = new MLContext(seed);
        var features = new TokenCounts(training, pairs: true);
        var schema = SchemaDefinition.Create(typeof(CountedText));
        schema[nameof(CountedText.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features.Count);
        schema[nameof(CountedText.Label)].ColumnType = new KeyDataViewType(typeof(uint), training.ClassCount);
        var trainer = context.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = nameof(CountedText.Label),
            FeatureColumnName = nameof(CountedText.Features),
            NumberOfThreads = 1,
        });
        var scored = trainer.Fit(Rows(training)).Transform(Rows(test));
        return ([.. scored.GetColumn<uint>("PredictedLabel").Select(key => (int)key - 1)], (features.Count + 1) * training.ClassCount);

        IDataView Rows(TokenDataset texts) => context.Data.LoadFromEnumerable(features.Rows(texts).Select((row, index) => new CountedText
        {
            Features = new(features.Count, row.Features.Length, [.. row.Values.Select(value => (float)value)], row.Features),
            Label = (uint)texts.Labels[index], // LoadFromEnumerable counts keys from 0, getters from 1
        }).ToArray(), schema);
    }

    private sealed class CountedText
    {
        public VBuffer<float> Features { get; set; }

        public uint Label { get; set; }
    }
}
