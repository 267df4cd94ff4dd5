using System.Diagnostics;
using MlAttention;

// Scores texts with a trained classifier, without ML.NET and without native libraries; made to be trimmed or compiled ahead of time.
//   mlattention train datasets/word_order.csv -o model.zip
//   mlattention export model.zip -o model.safetensors
//   dotnet publish examples/ScoreAot -p:PublishProfile=Native       (or Trimmed)
//   ScoreAot model.safetensors "a text" "another"                   (or texts on standard input, one a line)
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: ScoreAot <model.safetensors> [--time] [texts; without any, lines of standard input]");
    return 2;
}

try
{
    var classifier = TextClassifier.Load(args[0]);
    if (args.Length > 1 && args[1] == "--time") return Time(classifier, args[2..]);
    foreach (var text in args.Length > 1 ? args[1..] : Lines())
    {
        var prediction = classifier.Predict(text);
        Console.WriteLine(FormattableString.Invariant($"{prediction.Label}\t{prediction.Probability}\t{text}"));
    }
    return 0;
}
catch (Exception exception) when (exception is IOException or InvalidDataException or NotSupportedException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

// From the start of the process to the first prediction, and what a prediction takes afterwards.
static int Time(TextClassifier classifier, string[] texts)
{
    const int Calls = 5000;
    foreach (var text in texts)
    {
        classifier.Predict(text);
        var first = DateTime.Now - Process.GetCurrentProcess().StartTime;
        for (var call = 0; call < Calls; call++) classifier.Predict(text);
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < Calls; call++) classifier.Predict(text);
        var each = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
        Console.WriteLine(FormattableString.Invariant($"first prediction after {first.TotalMilliseconds:0} ms, then {each:0.0} us each: {text}"));
    }
    return 0;
}

static IEnumerable<string> Lines()
{
    while (Console.ReadLine() is { } line) yield return line;
}
