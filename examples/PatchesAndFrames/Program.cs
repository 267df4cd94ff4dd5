using System.Globalization;
using MlAttention;
using MlAttention.Examples.PatchesAndFrames;
using static TorchSharp.torch;

// What is not text is a sequence too: patches of an image, frames of speech. Attention needs positions in both.
const int Steps = 200;
manual_seed(1);

Console.WriteLine("In which quadrant of an image is the bright patch? Chance: 25.0%");
foreach (var positions in new[] { PositionScheme.None, PositionScheme.Learned })
    Print(positions, Experiment.BrightPatch(positions, Steps));

Console.WriteLine("Which of two tones sounds first? Each token sees 4 to each side. Chance: 50.0%");
foreach (var positions in new[] { PositionScheme.None, PositionScheme.Rotary })
    Print(positions, Experiment.TwoTones(positions, Steps));

static void Print(PositionScheme positions, double accuracy) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {positions,-10} {accuracy,6:P1}"));
