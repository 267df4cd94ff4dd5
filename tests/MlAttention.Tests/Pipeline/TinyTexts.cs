using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Pipeline;

/// <summary>Small texts and small models: enough to train in a second, with prime sizes.</summary>
internal static class TinyTexts
{
    public static readonly string[] Labels = ["dog", "cat", "owl"];

    public static readonly string[][] Words = [["bark", "bone", "walks"], ["purr", "mouse", "naps"], ["hoot", "night", "flies"]];

    public sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public float Weight { get; set; } = 1;

        public float Id { get; set; }
    }

    public sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    /// <summary>Rows whose words tell the label.</summary>
    public static Row[] Rows(int count, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(id =>
        {
            var label = random.Next(3);
            var words = Enumerable.Range(0, random.Next(2, 8)).Select(_ => Words[random.Next(4) == 0 ? random.Next(3) : label][random.Next(3)]);
            return new Row { Text = string.Join(' ', words.Append(Words[label][random.Next(3)])), Label = Labels[label], Id = id };
        })];
    }

    public static IDataView Data(MLContext ml, int count, int seed = 7) => ml.Data.LoadFromEnumerable(Rows(count, seed));

    /// <summary>A classifier that trains in a moment.</summary>
    public static AttentionClassifierOptions Classifier => new()
    {
        ModelWidth = 8,
        Heads = 2,
        Layers = 1,
        FeedForwardWidth = 11,
        MaxLength = 13,
        Dropout = 0,
        Positions = PositionScheme.Sinusoidal,
        Pooling = PoolingKind.Mean,
        Training = new TrainingOptions { Epochs = 3, Optimizer = new() { LearningRate = 0.01 }, Compute = new() { Threads = 1 } },
    };

    /// <summary>A model that writes texts, and trains in a moment.</summary>
    public static SequenceToSequenceOptions Writer => new()
    {
        SourceColumnName = "Text",
        TargetColumnName = "Text",
        Encoder = Classifier.AsArchitecture(),
        Decoding = new() { Width = 2, MaxLength = 3 },
        Training = new TrainingOptions { Epochs = 1, RareTokenDropout = 0, Compute = new() { Threads = 1 } },
    };

    /// <summary>Label and Text to keys and tokens.</summary>
    public static EstimatorChain<SequenceTokenizingTransformer> Preparation(MLContext ml) =>
        ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Attention().TokenizeSequence("Tokens", "Text"));

    /// <summary>From texts to predicted labels as texts.</summary>
    public static IEstimator<ITransformer> Pipeline(MLContext ml, AttentionClassifierOptions? options = null) => Preparation(ml)
        .Append(ml.Attention().Classifier(options ?? Classifier))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
