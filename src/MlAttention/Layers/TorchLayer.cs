using MlAttention.Torch.Engine;
using MlAttention.Torch.Tensors;
using static TorchSharp.torch;

namespace MlAttention.Layers;

/// <summary>A frozen TorchSharp module with given weights; made at first use. Its forward pass is safe on many threads at once.</summary>
internal sealed class TorchLayer<TModule>(string layer, Func<TModule> create, IReadOnlyList<WeightTensor> weights) where TModule : nn.Module
{
    private readonly Lazy<TModule> _module = new(() => Create(layer, create, weights));

    /// <summary>Applies the module to a padded batch of token vectors.</summary>
    /// <param name="batch">The vectors.</param>
    /// <param name="forward">From the module, x [B,L,D] and mask [B,L] (True = a real token) to the result.</param>
    public float[] Run(TokenVectorBatch batch, Func<TModule, Tensor, Tensor, Tensor> forward) => Run(module =>
    {
        // A copy, which libtorch aligns: over an array of .NET's, products round as its address has it, and a model read twice gives two answers.
        var x = tensor(batch.Values, [batch.Rows, batch.Length, batch.Width]).clone();
        var mask = new bool[batch.Rows * batch.Length];
        for (var row = 0; row < batch.Rows; row++) mask.AsSpan(row * batch.Length, batch.Lengths[row]).Fill(true);
        return [forward(module, x, tensor(mask, [batch.Rows, batch.Length]))];
    })[0];

    /// <summary>Computes tensors with the module, without gradients.</summary>
    public float[][] Run(Func<TModule, IReadOnlyList<Tensor>> compute) => Use(module => compute(module).Select(result => result.ToFloats()).ToArray());

    /// <summary>Computes anything with the module, without gradients; its tensors are disposed of.</summary>
    public T Use<T>(Func<TModule, T> compute)
    {
        var module = _module.Value;
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return compute(module);
    }

    private static TModule Create(string layer, Func<TModule> create, IReadOnlyList<WeightTensor> weights)
    {
        LibTorch.Require(layer);
        var module = CreateDetached(create);
        try
        {
            new TorchParameters(module).Set(weights);
        }
        catch (ArgumentException exception)
        {
            module.Dispose();
            throw new InvalidDataException($"The model is damaged: {exception.Message}", exception);
        }

        module.eval();
        return module;
    }

    /// <summary>A module outside of any dispose scope, made without a trace in the caller's random state.</summary>
    private static TModule CreateDetached(Func<TModule> create)
    {
        using var scope = NewDisposeScope();
        using var random = TorchRandomState.Seeded(0);
        var module = create();
        foreach (var tensor in module.parameters().Concat(module.buffers())) tensor.DetachFromDisposeScope();
        return module;
    }
}
