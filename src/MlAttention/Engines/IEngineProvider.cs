using MlAttention.Weights;

namespace MlAttention.Engines;

/// <summary>One engine as <see cref="EngineFactory"/> sees it: whether it can run a configuration, and how to make it.</summary>
internal interface IEngineProvider
{
    /// <summary>The engine's kind; never <see cref="EngineKind.Auto"/>.</summary>
    EngineKind Kind { get; }

    /// <summary>Why this engine cannot run the configuration here, as one sentence, or null when it can.</summary>
    string? ReasonAgainst(EngineConfiguration configuration);

    /// <summary>An engine with the initial weights of the configuration's seed.</summary>
    ISequenceEngine CreateEngine(EngineConfiguration configuration);

    /// <summary>A thread-safe scorer over the given weights.</summary>
    ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights);
}
