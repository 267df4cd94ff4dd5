using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;
using MlAttention.Core.Training;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>How all encoders are trained: the same number of steps, however many rows there are, and the last weights are taken.</summary>
/// <param name="Steps">Steps of 64 rows each.</param>
/// <param name="TestRows">Test rows of made-up tasks.</param>
internal sealed record EncoderTraining(int Steps, int TestRows)
{
    public const int BatchRows = 64;
    public const double LearningRate = 2e-3, Dropout = 0.1;

    public TrainedClassifier Train(SequenceModelOptions model, TokenDataset rows, int seed)
    {
        int batches = (rows.Count + BatchRows - 1) / BatchRows;
        var options = new TrainingOptions
        {
            Compute = new() { Threads = 1 },
            Optimizer = new() { LearningRate = LearningRate, WeightDecay = 0.01 },
            Epochs = Math.Max(1, (int)Math.Round((double)Steps / batches)),
            BatchSize = BatchRows,
            ValidationFraction = 0,
            Patience = 0,
            Seed = seed,
        };
        return TrainedClassifier.Of(new SequenceTrainer(model with { Dropout = Dropout }, options, SequenceEngines.Factory).Train(rows));
    }

    /// <summary>The share of rows whose label is the most probable class.</summary>
    public static double Accuracy(TrainedClassifier classifier, TokenDataset rows) =>
        classifier.Score(rows).Predictions.Zip(rows.Labels).Count(pair => pair.First == pair.Second) / (double)rows.Count;
}
