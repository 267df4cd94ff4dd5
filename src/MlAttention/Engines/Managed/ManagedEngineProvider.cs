using MlAttention.Architecture;
using MlAttention.Engines.Managed.Lanes;
using MlAttention.Weights;

namespace MlAttention.Engines.Managed;

/// <summary>The managed engine: attention encoders on a CPU, on the widest vectors that the machine has.</summary>
internal sealed class ManagedEngineProvider : IEngineProvider
{
    public EngineKind Kind => EngineKind.Managed;

    public string? ReasonAgainst(EngineConfiguration configuration)
    {
        var model = configuration.Model;
        if (configuration.Compute.Device == DeviceKind.Cuda) return "it runs on CPUs only.";
        if (model.Encoder != EncoderKind.Attention) return $"it has attention encoders only, not {model.Encoder}.";
        if (model.Score is not (ScoreFunction.ScaledDotProduct or ScoreFunction.Dot)) return $"it has no {model.Score} score.";
        if (!model.Algorithm.FormsScores) return $"it has no {model.Algorithm} attention.";
        if (model.Algorithm == AttentionAlgorithm.LocalWindow && !model.Mask.IsLocal) return "it computes a local window only where the mask has one.";
        if (model.Positions == PositionScheme.ShawRelative && model.Score == ScoreFunction.Dot) return "it has Shaw's positions with scaled scores only.";
        return null;
    }

    public ISequenceEngine CreateEngine(EngineConfiguration configuration) => LaneWidth.Chosen switch
    {
        512 => new ManagedEngine<Lanes512>(configuration),
        256 => new ManagedEngine<Lanes256>(configuration),
        _ => new ManagedEngine<Lanes128>(configuration),
    };

    public ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => LaneWidth.Chosen switch
    {
        512 => new ManagedScorer<Lanes512>(configuration, weights),
        256 => new ManagedScorer<Lanes256>(configuration, weights),
        _ => new ManagedScorer<Lanes128>(configuration, weights),
    };
}
