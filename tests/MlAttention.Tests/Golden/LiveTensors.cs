using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Golden;

/// <summary>Counts the tensors that are alive on this thread.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// Runs a forward pass, which must leave one tensor in the caller's scope and no other, then the backward pass;
    /// after the scope the count is what it was before.
    /// </summary>
    public static void AssertNoneLeft(Func<Tensor> forward, params Tensor[] inputs)
    {
        foreach (var input in inputs) input.requires_grad_();
        Pass(forward); // what is created once, for example gradients of parameters, is not a leak
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Pass(forward);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Pass(Func<Tensor> forward)
    {
        using var scope = NewDisposeScope();
        var output = forward();
        Assert.Equal(1, scope.DisposablesCount);
        output.square().sum().backward();
    }
}
