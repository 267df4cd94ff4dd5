using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;
using MlAttention.Core.Training;

namespace MlAttention.Tests.Training;

/// <summary>A short run with a checkpoint after every step, that says each step on standard output.</summary>
internal static class KilledRun
{
    /// <summary>Steps of the whole run.</summary>
    public const int Steps = 24;

    /// <summary>
    /// Goes on from the newest checkpoint of the directory and writes the final weights. In the step behind the last one that is asked
    /// for it waits to be killed, however late that comes.
    /// </summary>
    public static void Train(EngineKind engine, string checkpoints, string result, int last = Steps)
    {
        var options = new TrainingOptions
        {
            Compute = new() { Engine = engine, Threads = 1 }, Epochs = 3, BatchSize = 16, ResumeFrom = checkpoints,
            Checkpoints = new CheckpointOptions { Directory = checkpoints, EverySteps = 1, Keep = 2 },
        };
        var model = new SequenceModelOptions { ModelWidth = 8, Heads = 2, FeedForwardWidth = 12, Layers = 1 };
        var trainer = new SequenceTrainer(model, options, SequenceEngines.Factory) { CreateEngine = configuration => new Announcing(SequenceEngines.Factory.CreateEngine(configuration), last) };
        SafetensorsFile.Write(result, trainer.Train(Rows()).Weights);
    }

    private static TokenDataset Rows() => KeywordRows.Create(140);

    private sealed class Announcing(ISequenceEngine inner, int last) : ISequenceEngine
    {
        public string Name => inner.Name;

        public double Accumulate(TokenBatch batch, float scale, ulong dropoutSeed) => inner.Accumulate(batch, scale, dropoutSeed);

        public double Step(double learningRate)
        {
            var norm = inner.Step(learningRate);
            var step = (int)inner.GetOptimizerState()[0].Values[0];
            if (step > last) Thread.Sleep(Timeout.Infinite);
            Console.WriteLine(step.ToString(CultureInfo.InvariantCulture));
            return norm;
        }

        public void Score(TokenBatch batch, Span<float> logits) => inner.Score(batch, logits);

        public IReadOnlyList<WeightTensor> GetWeights(IReadOnlyList<WeightTensor>? earlier = null) => inner.GetWeights(earlier);

        public void SetWeights(IReadOnlyList<WeightTensor> weights) => inner.SetWeights(weights);

        public IReadOnlyList<WeightTensor> GetOptimizerState() => inner.GetOptimizerState();

        public void SetOptimizerState(IReadOnlyList<WeightTensor> state) => inner.SetOptimizerState(state);

        public void Dispose() => inner.Dispose();
    }
}
