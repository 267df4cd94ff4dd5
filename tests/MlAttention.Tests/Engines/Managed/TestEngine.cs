using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>A managed engine of a chosen vector width, and its gradients.</summary>
internal sealed record TestEngine(ISequenceEngine Engine, Func<IReadOnlyList<WeightTensor>> Gradients) : IDisposable
{
    public static TestEngine Create(EngineConfiguration configuration, int lanes) => lanes switch
    {
        512 => Of(new ManagedEngine<Lanes512>(configuration)),
        256 => Of(new ManagedEngine<Lanes256>(configuration)),
        _ => Of(new ManagedEngine<Lanes128>(configuration)),
    };

    public static ISequenceScorer Scorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights, int lanes) => lanes switch
    {
        512 => new ManagedScorer<Lanes512>(configuration, weights),
        256 => new ManagedScorer<Lanes256>(configuration, weights),
        _ => new ManagedScorer<Lanes128>(configuration, weights),
    };

    public static Func<ITokenDecoder> Decoders(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights, int lanes) => lanes switch
    {
        512 => ManagedEngineProvider.Decoders<Lanes512>(configuration, weights),
        256 => ManagedEngineProvider.Decoders<Lanes256>(configuration, weights),
        _ => ManagedEngineProvider.Decoders<Lanes128>(configuration, weights),
    };

    public void Dispose() => Engine.Dispose();

    private static TestEngine Of<T>(ManagedEngine<T> engine) where T : struct, ILanes<T> => new(engine, engine.GetGradients);
}
