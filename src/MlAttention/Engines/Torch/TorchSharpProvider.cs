using MlAttention.Weights;
using TorchSharp;

namespace MlAttention.Engines.Torch;

/// <summary>Offers the TorchSharp engine where libtorch can be loaded.</summary>
internal sealed class TorchSharpProvider : IEngineProvider
{
    private static readonly Lazy<string?> Missing = new(TryLoad);

    /// <summary>Whether libtorch can be loaded here.</summary>
    public static bool IsAvailable => Missing.Value is null;

    /// <inheritdoc/>
    public EngineKind Kind => EngineKind.TorchSharp;

    /// <inheritdoc/>
    public string? ReasonAgainst(EngineConfiguration configuration) => Missing.Value ?? TorchDevice.ReasonAgainst(configuration.Training.Device);

    /// <inheritdoc/>
    public ISequenceEngine CreateEngine(EngineConfiguration configuration) => new TorchSharpEngine(configuration);

    /// <inheritdoc/>
    public ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => new TorchSharpScorer(configuration, weights);

    /// <summary>Any failure to load the native part means the same to the user, whatever its exception type.</summary>
    private static string? TryLoad()
    {
        try
        {
            using var probe = torch.zeros(1);
            return null;
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException)
        {
            return $"libtorch cannot be loaded ({(error.InnerException ?? error).Message.TrimEnd('.')}). Add the package TorchSharp-cpu or TorchSharp-cuda to the application, or use Engine = Managed.";
        }
    }
}
