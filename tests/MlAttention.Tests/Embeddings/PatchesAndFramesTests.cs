using MlAttention.Examples.PatchesAndFrames;
using MlAttention.Positions;

namespace MlAttention.Tests.Embeddings;

/// <summary>The example's claim: with positions both tasks are learned, without them the model stays at chance.</summary>
public sealed class PatchesAndFramesTests
{
    private const int Steps = 150, FewSteps = 20;

    [Fact]
    public void BrightPatch_Positions_DecideTheTask()
    {
        Assert.InRange(Experiment.BrightPatch(PositionScheme.Learned, Steps), 0.9, 1);
        Assert.InRange(Experiment.BrightPatch(PositionScheme.None, FewSteps), 0.15, 0.35);
    }

    [Fact]
    public void TwoTones_Positions_DecideTheTask()
    {
        Assert.InRange(Experiment.TwoTones(PositionScheme.Rotary, Steps), 0.9, 1);
        Assert.InRange(Experiment.TwoTones(PositionScheme.None, FewSteps), 0.4, 0.6);
    }
}
