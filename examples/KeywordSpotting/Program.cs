using System.Diagnostics;
using MlAttention.Examples;
using MlAttention.Examples.KeywordSpotting;

// Keyword spotting with truncated attention: how much of the past does each token of sound need to hear? With --steps N it is shorter.
const int TestSounds = 1000;
int steps = args is ["--steps", var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : 600;
string folder = Directory.CreateDirectory("keyword_spotting").FullName;
var clock = Stopwatch.StartNew();
var (results, shown) = (new List<KeywordResult>(), new List<Heard>());

Console.WriteLine($"a token is {KeywordSounds.FramesPerToken} frames of 10 ms; {KeywordDetector.Layers} layers; {steps} steps; {TestSounds} test sounds");
Console.WriteLine("window  keywords found  false alarms a minute  right tokens");
foreach (int? window in new int?[] { 0, 1, 2, 4, 8, null })
{
    using var detector = Experiment.Train(window, steps);
    var result = Experiment.Measure(detector, window, TestSounds);
    results.Add(result);
    if (window is 1 or 4 or null) shown.Add(KeywordRun.Of(detector, window));
    Console.WriteLine(Invariant($"{result.Name,6} {result.Found,15:P1} {result.FalseAlarms,22:0.0} {result.RightTokens,13:P1}"));
}

var (energies, said) = KeywordRun.Shown();
var run = new KeywordRun(steps, results, energies, said, shown);
run.Write(Path.Combine(folder, "run.json"));
Page.Write(Path.Combine(folder, "report.html"), "Keyword spotting", $"Truncated attention over made-up sound; {steps} steps.",
    ("Where keywords are said and found", Figures.Finds(run)), ("What each token listens to", Figures.Bands(run)));
Console.WriteLine(Invariant($"{clock.Elapsed.TotalSeconds:0} s; figures: {Path.Combine(folder, "report.html")}"));
