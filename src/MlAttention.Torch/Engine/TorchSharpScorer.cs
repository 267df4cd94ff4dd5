using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;

namespace MlAttention.Torch.Engine;

/// <summary>
/// Scores with a frozen module. A forward pass in evaluation mode changes nothing that another thread sees, so any number of
/// threads share one module without locks; each works in a dispose scope of its own.
/// </summary>
internal sealed class TorchSharpScorer : ISequenceScorer
{
    private readonly SequenceClassifier _module;
    private readonly Device _device;

    /// <summary>Creates the scorer. The module's native memory is freed with the scorer, by the garbage collector.</summary>
    public TorchSharpScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights)
    {
        _device = TorchDevice.Of(configuration.Compute.Device);
        _module = TorchSharpEngine.CreateModule(configuration, _device);
        new TorchParameters(_module, _device).Set(weights);
        _module.eval();
    }

    /// <inheritdoc/>
    public string EngineName => nameof(EngineKind.TorchSharp);

    /// <inheritdoc/>
    public void Score(TokenBatch batch, Span<float> logits) => Run(_module.call, _device, batch, logits);

    /// <inheritdoc/>
    public void Encode(TokenBatch batch, Span<float> vectors) => Run(_module.Encode, _device, batch, vectors);

    /// <summary>Scores with a module that trains otherwise.</summary>
    internal static void Score(SequenceClassifier module, Device device, TokenBatch batch, Span<float> logits)
    {
        module.eval();
        Run(module.call, device, batch, logits);
    }

    private static void Run(Func<Tensor, Tensor, Tensor> forward, Device device, TokenBatch batch, Span<float> result)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var inputs = TorchBatch.Of(batch, device);
        var rows = forward(inputs.Tokens, inputs.Mask);                              // [B,C] or [B,D]
        rows.data<float>().ToArray().CopyTo(result);
    }
}
