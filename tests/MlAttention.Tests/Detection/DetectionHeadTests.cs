using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Detection;

public sealed class DetectionHeadTests
{
    [Fact]
    [HandSolved(typeof(DetectionHead))]
    public void Head_WidthOne_IsALinearClassAndThreeLayersOfABox()
    {
        using var scope = NewDisposeScope();
        using var head = new DetectionHead(modelWidth: 1, classes: 1);
        ModuleWeights.Set(head,
        [
            new("class_embed.weight", [2, 1], [2, -1]), new("class_embed.bias", [2], [0.5f, 1]),
            new("bbox_embed.0.weight", [1, 1], [2]), new("bbox_embed.0.bias", [1], [0]),
            new("bbox_embed.2.weight", [1, 1], [1]), new("bbox_embed.2.bias", [1], [-1]),
            new("bbox_embed.4.weight", [4, 1], [0, 1, 2, -1]), new("bbox_embed.4.bias", [4], [0, 0, 0, 0]),
        ]);

        var found = head.call(tensor(new float[] { 1, -1 }, [1, 2, 1])); // of -1 the first relu leaves 0, and the second one too

        TensorAssert.Close(tensor(new[] { 2.5f, 0, -1.5f, 2 }, [1, 2, 2]), found.Logits);
        TensorAssert.Close(tensor(new float[] { 0, 1, 2, -1, 0, 0, 0, 0 }, [1, 2, 4]).sigmoid(), found.Boxes);
    }

    [Fact]
    public void Objects_OfQueries_AreThoseMoreProbableThanNone()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0.2f, 0.5f, 0.3f, 0.3f, 0.1f, 0.6f }, [1, 2, 3]).log();
        var boxes = tensor(new[] { 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f }, [1, 2, 4]);
        var found = new Detections(logits, boxes);

        var only = Assert.Single(found.Objects()[0]);
        Assert.Equal((1, 0), (only.Class, only.Query));
        Assert.Equal(0.5, only.Score, 6);
        Assert.Equal(0.4, only.Box.Height, 6);
        Assert.Equal([1, 0], found.Candidates()[0].Select(candidate => candidate.Class));
        Assert.Equal(0.3, found.Candidates()[0][1].Score, 6);
    }
}
