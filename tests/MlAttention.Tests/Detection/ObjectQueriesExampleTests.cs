using MlAttention.Examples.ObjectQueries;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Detection;

/// <summary>The example, shortened: it learns, is cancelled and goes on, and its images are what it says.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class ObjectQueriesExampleTests
{
    [Fact]
    public void Run_FewSteps_LearnsWhereObjectsAre()
    {
        const int Steps = 60, Part = 10, Images = 60;
        var settings = new TrainingSettings(PatchPositions.Grid, Steps);
        var losses = new List<double>();
        using var first = DetectorTraining.NewDetector(settings);
        using var trained = DetectorTraining.Run(settings, (_, loss) => losses.Add(loss));

        Assert.Equal(Steps, losses.Count);
        Assert.True(losses.TakeLast(Part).Average() < 0.8 * losses.Take(Part).Average(), $"loss {losses.Take(Part).Average()} fell to {losses.TakeLast(Part).Average()} alone");
        var (before, after) = (Measures.Of(first, Images), Measures.Of(trained, Images));
        Assert.True(after.Overlap > before.Overlap + 0.05, $"overlap {before.Overlap} rose to {after.Overlap} alone");
    }

    [Fact]
    public void Run_CancelledAndResumed_ReachesTheSameWeights()
    {
        const int Steps = 4;
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        var settings = new TrainingSettings(PatchPositions.Learned, Steps) { Checkpoint = file };
        using var whole = DetectorTraining.Run(settings with { Checkpoint = null });
        using var cancellation = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => DetectorTraining.Run(settings, (step, _) => Cancel(step), cancellation.Token));
        Assert.True(File.Exists(file));
        using var resumed = DetectorTraining.Run(settings);

        Assert.False(File.Exists(file));
        Assert.Equal(Numbers(whole), Numbers(resumed));

        void Cancel(int step)
        {
            if (step == 2) cancellation.Cancel();
        }
    }

    [Fact]
    public void Detection_ObjectsOfImages_AreLearnedAsASet()
    {
        using var scope = NewDisposeScope();
        var images = rand(2, 3, 32, 32);
        IReadOnlyList<IReadOnlyList<ImageObject>> objects = [[new(Class: 0, new Box(0.3, 0.4, 0.2, 0.2)), new(Class: 2, new Box(0.7, 0.6, 0.3, 0.3))], []];

        // sample: Detection_ObjectsOfImages_AreLearnedAsASet
        var options = new SequenceModelOptions { ModelWidth = 64, Layers = 2, MaxLength = 64 };
        using var patches = new EmbedPatches(channels: 3, patchSize: 4, modelWidth: 64);
        using var positions = new GridPositions(rows: 8, columns: 8, modelWidth: 64);
        using var encoder = new AttentionEncoder(options);
        using var decoder = new ObjectQueryDecoder(options, queries: 6);
        using var head = new DetectionHead(modelWidth: 64, classes: 3);

        var memory = encoder.call(positions.AddToEmbeddings(patches.call(images)), ones(2, 64, ScalarType.Bool)); // [2,64,64]
        Detections found = head.call(decoder.call(memory));                                                       // logits [2,6,4], boxes [2,6,4]
        SetLossResult loss = new SetLoss().Of(found, objects);                                                  // objects: of each image classes and boxes
        loss.Total.backward();
        // end of sample

        Assert.Equal([2, 6, 4], found.Logits.shape);
        Assert.Equal(2, loss.Matches[0].Distinct().Count());
        Assert.True(loss.Total.item<float>() > 0);
    }

    [Fact]
    public void Weights_SavedAndLoaded_FindTheSame()
    {
        using var scope = NewDisposeScope();
        using var file = new MemoryStream();
        using var saved = DetectorTraining.NewDetector(new(PatchPositions.Grid, 1));
        using var loaded = DetectorTraining.NewDetector(new(PatchPositions.Grid, 1) { Seed = 7 });
        var images = ShapeImages.Batch(1, 0, 2).Images;
        Assert.NotEqual(saved.call(images).Boxes.data<float>().ToArray(), loaded.call(images).Boxes.data<float>().ToArray());
        SafetensorsFile.Write(file, ModuleWeights.Get(saved));
        file.Position = 0;
        ModuleWeights.Set(loaded, SafetensorsFile.Read(file));
        Assert.Equal(saved.call(images).Boxes.data<float>().ToArray(), loaded.call(images).Boxes.data<float>().ToArray());
    }

    [Fact]
    public void QueryAttention_OfEachQuery_AddsUpToOne()
    {
        using var scope = NewDisposeScope();
        using var detector = DetectorTraining.NewDetector(new(PatchPositions.Grid, 1));
        var attention = detector.QueryAttention(ShapeImages.Batch(1, 0, 2).Images);
        Assert.Equal([2, ShapeDetector.Queries, ShapeDetector.Patches * ShapeDetector.Patches], attention.shape);
        Assert.All(attention.sum(-1).data<float>(), sum => Assert.Equal(1, sum, 5));
    }

    [Fact]
    public void Batch_SeedAndNumber_GiveTheImage()
    {
        using var scope = NewDisposeScope();
        var (images, objects) = ShapeImages.Batch(3, 0, 40);
        Assert.Equal(ShapeImages.Batch(3, 5, 1).Images.data<float>().ToArray(), images[5].contiguous().data<float>().ToArray());
        Assert.NotEqual(ShapeImages.Batch(4, 5, 1).Images.data<float>().ToArray(), images[5].contiguous().data<float>().ToArray());
        Assert.Equal([1, 2, 3, 4], objects.Select(ofImage => ofImage.Count).Distinct().Order());
        Assert.Equal([0, 1, 2], objects.SelectMany(ofImage => ofImage).Select(one => one.Class).Distinct().Order());
        Assert.All(objects.SelectMany(ofImage => ofImage), one => Assert.True(one.Box is { Left: > -1e-9, Top: > -1e-9, Right: < 1 + 1e-9, Bottom: < 1 + 1e-9 }));
        Assert.All(objects, ofImage => Assert.All(ofImage, one => Assert.All(ofImage.Where(other => other != one), other => Assert.True(one.Box.Iou(other.Box) <= 0.05))));
    }

    private static float[] Numbers(nn.Module module) => [.. ModuleWeights.Get(module).SelectMany(weight => weight.Values)];
}
