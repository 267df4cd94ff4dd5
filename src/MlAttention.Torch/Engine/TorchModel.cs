namespace MlAttention.Torch.Engine;

/// <summary>What the TorchSharp engine trains: a module, and how a batch becomes its logits.</summary>
/// <param name="Module">The module, outside of any dispose scope.</param>
/// <param name="Layout">Its weights, in any order.</param>
/// <param name="Logits">The logits of a batch on a device: [B,C], or [B,L,C] or [P,C] of tokens.</param>
internal sealed record TorchModel(nn.Module Module, IReadOnlyList<WeightShape> Layout, Func<TokenBatch, Device, Tensor> Logits)
{
    /// <summary>What the engine of this model is called.</summary>
    public string Name { get; init; } = nameof(EngineKind.TorchSharp);

    /// <summary>A classifier.</summary>
    public static TorchModel Classifier(EngineConfiguration configuration, Device device)
    {
        var module = CreateClassifier(configuration, device);
        return new(module, WeightLayout.Of(configuration.Model, configuration.EmbeddingRows, configuration.Classes), Logits);

        Tensor Logits(TokenBatch batch, Device device)
        {
            var inputs = TorchBatch.Of(batch, device);
            return module.Logits(inputs.Tokens, inputs.Mask, TorchBatch.Places(configuration, batch, device));
        }
    }

    /// <summary>A classifier's module; its own initial weights are to be replaced.</summary>
    public static SequenceClassifier CreateClassifier(EngineConfiguration configuration, Device device) =>
        Create(() => new SequenceClassifier(configuration.Model, configuration.EmbeddingRows, configuration.Classes), device);

    /// <summary>A module outside of any dispose scope, made without a trace in the caller's random state.</summary>
    public static T Create<T>(Func<T> create, Device device) where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var random = new TorchRandomState();
        var module = create();
        foreach (var tensor in module.parameters().Concat(module.buffers())) tensor.DetachFromDisposeScope();
        if (device.type != DeviceType.CPU) module.to(device);
        return module;
    }
}
