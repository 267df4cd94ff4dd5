using MlAttention.Tests.Encoders;
using static TorchSharp.torch;

namespace MlAttention.Tests.Layers;

/// <summary>A layer, with what it shares with others, and how to call it.</summary>
/// <param name="forward">From the inputs, and a mask [B,L] of each, True = a real position, to the output.</param>
/// <param name="modules">The modules whose parameters count.</param>
internal sealed class RunningLayer(Func<Tensor[], Tensor[], Tensor> forward, params nn.Module[] modules) : IDisposable
{
    public IReadOnlyList<nn.Module> Modules => modules;

    public Tensor[] Parameters => [.. modules.SelectMany(module => module.parameters())];

    public Tensor Forward(Tensor[] inputs, Tensor[] masks) => forward(inputs, masks);

    /// <summary>Fills the parameters with numbers that depend on their names and the seed alone, and leaves training.</summary>
    public RunningLayer WithNumbers(int seed = 1)
    {
        foreach (var module in modules) module.WithNumbers(seed).eval();
        return this;
    }

    public void Dispose()
    {
        foreach (var module in modules) module.Dispose();
    }
}
