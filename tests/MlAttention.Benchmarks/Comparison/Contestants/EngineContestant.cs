using MlAttention.Core.Engines;

namespace MlAttention.Benchmarks.Comparison.Contestants;

/// <summary>One of our engines.</summary>
internal sealed class EngineContestant(string name, IEngineProvider provider) : IContestant
{
    public string Name => name;

    /// <summary>Which engine it is.</summary>
    public EngineKind Kind => provider.Kind;

    public Repetition Train(Setting setting)
    {
        // The engine starts from the weights of the configuration's seed, which are the setting's.
        var engine = provider.CreateEngine(setting.Configuration(provider.Kind));
        var (batch, step) = (setting.Batch(), 0UL);
        return new Repetition(Step, engine);

        void Step()
        {
            engine.Accumulate(batch, 1f / batch.Rows, dropoutSeed: step++);
            engine.Step(Setting.LearningRate);
        }
    }

    /// <summary>A scorer over given weights.</summary>
    public ISequenceScorer Scorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => provider.CreateScorer(configuration, weights);

    public Repetition Score(Setting setting, float[] logits)
    {
        var (scorer, batch) = (provider.CreateScorer(setting.Configuration(provider.Kind), setting.Weights()), setting.Batch());
        return new Repetition(() => scorer.Score(batch, logits));
    }
}
