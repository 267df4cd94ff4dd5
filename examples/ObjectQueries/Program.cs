using System.Diagnostics;
using MlAttention.Examples;
using MlAttention.Examples.ObjectQueries;
using MlAttention;

// Object queries (DETR): which shapes are in an image, and where? A few learned queries ask the patches of the image, and each
// gives one object or none. With --steps N it is shorter; Ctrl+C keeps what it has in the folder, and the next run goes on from there.
const int TestImages = 500, ShownImages = 4, Part = 50;
int steps = args is ["--steps", var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : 1500;
string folder = Directory.CreateDirectory("object_queries").FullName;
using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) => (key.Cancel, _) = (true, cancellation.CancelAsync());
var clock = Stopwatch.StartNew();

var results = new List<DetectorResult>();
(IReadOnlyList<IReadOnlyList<double>> Attention, IReadOnlyList<MlAttention.DetectedObject> Candidates) queries = ([], []);
foreach (var positions in new[] { PatchPositions.Grid, PatchPositions.None })
{
    var settings = new TrainingSettings(positions, steps) { Checkpoint = Path.Combine(folder, $"{positions}.checkpoint.safetensors") };
    var (losses, sum) = (new List<double>(), 0.0);
    Console.WriteLine($"positions of the patches: {positions}");
    try
    {
        using var detector = DetectorTraining.Run(settings, Report, cancellation.Token);
        SafetensorsFile.Write(Path.Combine(folder, $"{positions}.safetensors"), ModuleWeights.Get(detector));
        var measures = Measures.Of(detector, TestImages);
        Console.WriteLine(Invariant($"  {clock.Elapsed.TotalSeconds:0} s; on {TestImages} test images: mAP at IoU 0.5 {measures.MeanAveragePrecision:0.000}, right classes {measures.RightClasses:P1}, mean IoU {measures.Overlap:0.000}, count off by {measures.CountError:0.00}"));
        if (results.Count == 0) queries = DetectionRun.Queries(detector);
        results.Add(new(positions.ToString(), losses, measures, DetectionRun.FoundIn(detector, ShownImages)));
    }
    catch (OperationCanceledException cancelled)
    {
        Console.WriteLine($"{cancelled.Message} {settings.Checkpoint} has what is needed to go on: run it again.");
        return 1;
    }

    void Report(int step, double loss)
    {
        sum += loss;
        if (step % Part != 0) return;
        losses.Add(Math.Round(sum / Part, 3));
        if (step % (10 * Part) == 0) Console.WriteLine(Invariant($"  step {step,5}  loss {losses[^1]:0.000}"));
        sum = 0;
    }
}

var run = new DetectionRun(steps, results, DetectionRun.Shown(ShownImages), queries.Attention, queries.Candidates);
run.Write(Path.Combine(folder, "run.json"));
Page.Write(Path.Combine(folder, "report.html"), "Object queries", $"{steps} steps of {TrainingSettings.BatchImages} images; boxes have the colour of the query that found them.",
    ("Test images: what is there, and what is found", Figures.Found(run)), ("Which patches each query looks at, and the box that it found", Figures.Attention(run)));
Console.WriteLine($"figures: {Path.Combine(folder, "report.html")}");
return 0;
