using MlAttention.Examples.PatchesAndFrames;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Embeddings;

/// <summary>The example's claim: with positions both tasks are learned, without them the model stays at chance.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class PatchesAndFramesTests
{
    private const int FewSteps = 10;

    [Fact]
    public void BrightPatch_Positions_DecideTheTask()
    {
        manual_seed(2);
        Assert.InRange(Experiment.BrightPatch(PositionScheme.Learned, steps: 100), 0.9, 1);
        Assert.InRange(Experiment.BrightPatch(PositionScheme.None, FewSteps), 0.15, 0.35);
    }

    [Fact]
    public void TwoTones_Positions_DecideTheTask()
    {
        manual_seed(2);
        Assert.InRange(Experiment.TwoTones(PositionScheme.Rotary, steps: 75), 0.9, 1);
        Assert.InRange(Experiment.TwoTones(PositionScheme.None, FewSteps), 0.4, 0.6);
    }
}
