using System.Runtime.Intrinsics.X86;
using MlAttention.Core.Managed.Network;

namespace MlAttention.Core.Managed;

/// <summary>The managed engine: attention encoders on a CPU, on the widest vectors that the machine has.</summary>
internal sealed class ManagedEngineProvider : IEngineProvider
{
    public EngineKind Kind => EngineKind.Managed;

    /// <inheritdoc/>
    /// <remarks>It lists what the engine covers: a variant that is new to it is refused, not ignored.</remarks>
    public string? ReasonAgainst(EngineConfiguration configuration)
    {
        var model = configuration.Model;
        if (configuration.Compute.Device is not (DeviceKind.Auto or DeviceKind.Cpu)) return "it runs on CPUs only.";
        if (model.Encoder is not EncoderKind.Attention) return $"it has attention encoders only, not {model.Encoder}.";
        if (model.Score is not (ScoreFunction.ScaledDotProduct or ScoreFunction.Dot)) return $"it has no {model.Score} score.";
        if (model.Algorithm is not (AttentionAlgorithm.Full or AttentionAlgorithm.Chunked or AttentionAlgorithm.LocalWindow)) return $"it has no {model.Algorithm} attention.";
        if (model.Mask is not (MaskKind.Bidirectional or MaskKind.Causal or MaskKind.LocalWindow or MaskKind.CausalLocalWindow)) return $"it has no {model.Mask} mask.";
        if (model.Positions is not (PositionScheme.None or PositionScheme.Sinusoidal or PositionScheme.Learned or PositionScheme.ShawRelative
            or PositionScheme.RelativeBias or PositionScheme.Rotary or PositionScheme.Alibi)) return $"it has no {model.Positions} positions.";
        if (model.Norm is not (NormPlacement.Pre or NormPlacement.Post)) return $"it has no {model.Norm} norm.";
        if (model.Activation is not (ActivationKind.Relu or ActivationKind.Gelu or ActivationKind.GeluTanh)) return $"it has no {model.Activation} activation.";
        if (model.Pooling is not (PoolingKind.Mean or PoolingKind.Max or PoolingKind.Cls or PoolingKind.Last or PoolingKind.Attention or PoolingKind.First)) return $"it has no {model.Pooling} pooling.";
        if (model.Algorithm == AttentionAlgorithm.Chunked && model.BlockSize != AttentionSettings.DefaultBlockSize) return "it chooses the size of its blocks itself.";
        if (model.Algorithm == AttentionAlgorithm.LocalWindow && !model.Mask.IsLocal) return "it computes a local window only where the mask has one.";
        if (model.Positions == PositionScheme.ShawRelative && model.Score == ScoreFunction.Dot) return "it has Shaw's positions with scaled scores only.";
        if (model.Head is not (HeadKind.Linear or HeadKind.Tanh or HeadKind.Relu or HeadKind.Tied or HeadKind.TiedTransform)) return $"it has no {model.Head} head.";
        if (model.Task is not (TaskKind.SingleLabel or TaskKind.MultiLabel or TaskKind.TokenLabels or TaskKind.Regression or TaskKind.MaskedTokens or TaskKind.NextToken)) return $"it has no {model.Task}.";
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

    /// <summary>Why a model cannot be read token by token here, as one sentence, or null when it can.</summary>
    /// <remarks>Every causal model that this engine covers can, with any position scheme, norm and activation, in a window or not.</remarks>
    public string? ReasonAgainstDecoding(EngineConfiguration configuration)
    {
        if (ReasonAgainst(configuration) is { } reason) return reason;
        if (!configuration.Model.Mask.IsCausal) return $"it reads token by token under a causal mask only, not under {configuration.Model.Mask}.";
        if (!configuration.Model.Task.IsPerToken) return $"it reads token by token what has logits for each token, not {configuration.Model.Task}.";
        return configuration.Model.SeparatorKey is null ? null : "it reads token by token texts of one part only.";
    }

    /// <summary>Makes decoders that share the given weights.</summary>
    public static Func<ITokenDecoder> CreateDecoders(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => LaneWidth.Chosen switch
    {
        512 => Decoders<Lanes512>(configuration, weights),
        256 => Decoders<Lanes256>(configuration, weights),
        _ => Decoders<Lanes128>(configuration, weights),
    };

    internal static Func<ITokenDecoder> Decoders<T>(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) where T : struct, ILanes<T>
    {
        var model = new StoredModel<T>(configuration);
        model.Weights.Set(weights);
        model.FillTables();
        return () => new CausalDecoder<T>(configuration, model);
    }
}

/// <summary>Which vectors the kernels use: chosen once, the widest that the machine has, or what the environment says.</summary>
internal static class LaneWidth
{
    /// <summary>The variable that chooses narrower vectors, for tests and comparisons: 128, 256 or 512 bits.</summary>
    public const string Variable = "MLATTENTION_LANES";

    /// <summary>128, 256 or 512 bits.</summary>
    public static int Chosen { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The widest vectors of this machine, in bits.</summary>
    /// <remarks>
    /// The instructions are asked for, not Vector512.IsHardwareAccelerated: the runtime answers no on processors that lower their
    /// clock for short bursts of wide vectors, and long dense kernels gain there all the same.
    /// </remarks>
    public static int Widest => HasAvx512 ? 512 : Avx2.IsSupported && Fma.IsSupported ? 256 : 128;

    private static bool HasAvx512 => Avx512F.IsSupported && Avx512F.VL.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported;

    /// <exception cref="ArgumentException">The text is no width that this machine has.</exception>
    internal static int Choose(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Widest;
        if (int.TryParse(text, out int width) && width is 128 or 256 or 512 && width <= Widest) return width;
        throw new ArgumentException($"{Variable} = '{text}': must be 128, 256 or 512, at most {Widest} on this machine.");
    }
}
