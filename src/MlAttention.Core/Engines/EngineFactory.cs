namespace MlAttention.Core.Engines;

/// <summary>The one place that chooses an engine.</summary>
/// <param name="providers">The engines that a program has, in the order in which <see cref="EngineKind.Auto"/> prefers them.</param>
internal sealed class EngineFactory(params IReadOnlyList<IEngineProvider> providers)
{
    /// <summary>Words why an engine cannot run a model.</summary>
    public Func<EngineKind, string, string> Refusal { get; init; } = (kind, reason) => $"{kind} cannot run this model: {reason}";

    /// <summary>An engine for training, with the initial weights of the configuration's seed.</summary>
    /// <param name="configuration">What the engine is built for.</param>
    /// <param name="log">Receives one line: which engine, and why.</param>
    /// <exception cref="NotSupportedException">The engine asked for cannot run the configuration; the message says why.</exception>
    public ISequenceEngine CreateEngine(EngineConfiguration configuration, Action<string>? log = null) =>
        Choose(configuration, configuration.Compute.Engine, log).CreateEngine(configuration);

    /// <summary>A thread-safe scorer over trained weights: of the first engine that can, whichever engine trained them.</summary>
    /// <param name="configuration">What the weights belong to.</param>
    /// <param name="weights">The trained weights.</param>
    /// <param name="log">Receives one line: which engine, and why.</param>
    /// <exception cref="NotSupportedException">No engine can run the configuration here; the message says why.</exception>
    public ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights, Action<string>? log = null) =>
        Choose(configuration, EngineKind.Auto, log).CreateScorer(configuration, weights);

    internal IEngineProvider Choose(EngineConfiguration configuration, EngineKind kind, Action<string>? log)
    {
        var reasons = new List<string>();
        foreach (var provider in providers.Where(provider => kind == EngineKind.Auto || provider.Kind == kind))
        {
            if (provider.ReasonAgainst(configuration) is not { } reason)
            {
                log?.Invoke($"Engine: {provider.Kind}, {Why(kind, reasons)}");
                return provider;
            }
            reasons.Add(Refusal(provider.Kind, reason));
        }
        throw new NotSupportedException(reasons.Count == 0
            ? $"The {kind} engine is not part of this build. Use Engine = {nameof(EngineKind.Auto)} or {nameof(EngineKind.TorchSharp)}."
            : string.Join(' ', reasons));
    }

    private static string Why(EngineKind asked, List<string> reasons)
    {
        if (asked != EngineKind.Auto) return "as asked for.";
        return reasons.Count == 0 ? $"the first choice of {nameof(EngineKind.Auto)}, which can run this model." : $"because {string.Join(' ', reasons)}";
    }
}

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
