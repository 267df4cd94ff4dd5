using MlAttention.Core.Engines;
using MlAttention.Core.Objectives;
using MlAttention.Core.Training;
using MlAttention.Rows;

namespace MlAttention.Ablation.Runs;

/// <summary>A classifier of one run. It has the weights that ML.NET's Classifier gives for the same texts, and scores as its transformer does.</summary>
internal sealed class TrainedClassifier
{
    private readonly ISequenceScorer _scorer;

    private TrainedClassifier(TrainedSequenceModel training, EngineConfiguration configuration)
    {
        (Training, Configuration) = (training, configuration);
        _scorer = SequenceEngines.Factory.CreateScorer(configuration, training.Weights);
    }

    /// <summary>The weights and how training went.</summary>
    public TrainedSequenceModel Training { get; }

    /// <summary>What the weights belong to.</summary>
    public EngineConfiguration Configuration { get; }

    /// <summary>What scores with them.</summary>
    public ISequenceScorer Scorer => _scorer;

    /// <summary>Trains a classifier.</summary>
    /// <param name="model">The architecture.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="texts">The training texts.</param>
    /// <param name="dev">The texts that choose the best epoch.</param>
    /// <param name="log">Receives lines for people.</param>
    /// <param name="throwIfCancelled">Called several times a second.</param>
    public static TrainedClassifier Train(
        SequenceModelOptions model, TrainingOptions options, TokenDataset texts, TokenDataset dev, Action<string>? log = null, Action? throwIfCancelled = null)
    {
        return Of(new SequenceTrainer(model, options, SequenceEngines.Factory, log, throwIfCancelled).Train(texts, dev));
    }

    /// <summary>The classifier of a finished training.</summary>
    public static TrainedClassifier Of(TrainedSequenceModel training) => new(training, new(training.Model, training.EmbeddingRows, training.ClassCount));

    /// <summary>What a run tells of the training.</summary>
    public AblationRun RunOf(AblationSetup setup, int seed) => new()
    {
        Setup = setup,
        Seed = seed,
        Engine = Training.EngineName,
        Parameters = Training.ParameterCount,
        TrainingSeconds = Training.Duration.TotalSeconds,
        Epochs = [.. Training.History.Select(EpochRelay.Record)],
        BestEpoch = Training.ChosenEpoch,
    };

    /// <summary>The same weights with other positions: none, or learned ones that begin further on in their table.</summary>
    public TrainedClassifier WithPositions(PositionScheme scheme, int shift)
    {
        var details = Configuration.Model.PositionDetails;
        var model = Configuration.Model with
        {
            Positions = scheme,
            PositionDetails = details with { LearnedOffset = details.LearnedOffset + shift, LearnedRows = Configuration.Model.PositionRows },
        };
        var weights = scheme == PositionScheme.None ? PretrainedWeights.WithoutPositions(Training.Weights) : Training.Weights;
        return Of(Training with { Model = model, Weights = weights });
    }

    /// <summary>Scores texts.</summary>
    public TextScores Score(TokenDataset texts)
    {
        float[] logits = new float[texts.Count * texts.ClassCount];
        DatasetScorer.Score(_scorer.Score, texts, Configuration.Model, BatchesOfACursor(texts.Count), (row, ofRow) => ofRow.CopyTo(logits.AsSpan(row * texts.ClassCount)));
        return new(logits, texts.Labels, texts.ClassCount);
    }

    /// <summary>Scores texts, batches of them side by side. A row's rounding may differ from that of <see cref="Score"/>.</summary>
    public TextScores ScoreOnAllCores(TokenDataset texts, CancellationToken cancellation)
    {
        float[] logits = new float[texts.Count * texts.ClassCount];
        int[] rows = [.. Enumerable.Range(0, texts.Count)];
        var batches = rows.Chunk(BatchCursor.MaxBatchSize);
        Parallel.ForEach(batches, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, batch =>
            DatasetScorer.Score(_scorer.Score, texts, Configuration.Model, [batch], (row, ofRow) => ofRow.CopyTo(logits.AsSpan(row * texts.ClassCount))));
        return new(logits, texts.Labels, texts.ClassCount);
    }

    /// <summary>The vectors of texts [rows, D] that the head sees.</summary>
    public float[] Encode(TokenDataset texts)
    {
        int width = Configuration.Model.ModelWidth;
        float[] vectors = new float[texts.Count * width];
        var builder = new BatchBuilder(texts, Configuration.Model, []);
        foreach (int[] batch in Enumerable.Range(0, texts.Count).Chunk(BatchCursor.MaxBatchSize)) _scorer.Encode(builder.Build(batch), vectors.AsSpan(batch[0] * width, batch.Length * width));
        return vectors;
    }

    // The rounding of a row depends on those beside it, so only the transformer's batches give its scores bit for bit.
    private static IEnumerable<ArraySegment<int>> BatchesOfACursor(int count)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        int size = BatchCursor.FirstBatchSize;
        for (int start = 0; start < count; start += size, size = Math.Min(2 * size, BatchCursor.MaxBatchSize))
            yield return new(rows, start, Math.Min(size, count - start));
    }
}

/// <summary>How some texts were scored.</summary>
internal sealed class TextScores
{
    // What ML.NET's Evaluate takes in place of a smaller probability.
    private const float LeastProbability = 1e-15f;
    private readonly float[] _logits;
    private readonly int _classes;

    /// <summary>Takes the logits [rows, C], row-major in the order of the labels.</summary>
    public TextScores(float[] logits, int[] labels, int classes)
    {
        (_logits, _classes) = (logits, classes);
        Predictions = new int[labels.Length];
        Confidences = new float[labels.Length];
        LabelProbabilities = new float[labels.Length];
        float[] probabilities = new float[classes];
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            logits.AsSpan(row * classes, classes).CopyTo(probabilities);
            Softmax.InPlace(probabilities);
            Predictions[row] = Softmax.IndexOfLargest(probabilities);
            Confidences[row] = probabilities[Predictions[row]];
            LabelProbabilities[row] = probabilities[labels[row]];
            loss -= Math.Log(Math.Max(LeastProbability, LabelProbabilities[row]));
        }
        LogLoss = loss / labels.Length;
    }

    /// <summary>The most probable class of each text.</summary>
    public int[] Predictions { get; }

    /// <summary>The probability of the predicted class of each text.</summary>
    public float[] Confidences { get; }

    /// <summary>The probability of each text's label.</summary>
    public float[] LabelProbabilities { get; }

    /// <summary>Mean of -log(probability of the label), in nats, as ML.NET's Evaluate gives it.</summary>
    public double LogLoss { get; }

    /// <summary>The probability of each class for a text, to six digits.</summary>
    public double[] Probabilities(int row)
    {
        float[] probabilities = _logits.AsSpan(row * _classes, _classes).ToArray();
        Softmax.InPlace(probabilities);
        return [.. probabilities.Select(probability => Math.Round(probability, 6))];
    }

    /// <summary>The largest difference between the logits of two texts.</summary>
    public double Difference(int one, int other)
    {
        double largest = 0;
        for (int c = 0; c < _classes; c++) largest = Math.Max(largest, Math.Abs((double)_logits[one * _classes + c] - _logits[other * _classes + c]));
        return largest;
    }

    /// <summary>The largest difference of a logit from that of the same text in other scores.</summary>
    public double LargestChange(TextScores other)
    {
        double largest = 0;
        for (int i = 0; i < _logits.Length; i++) largest = Math.Max(largest, Math.Abs((double)_logits[i] - other._logits[i]));
        return largest;
    }
}
