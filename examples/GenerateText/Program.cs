using System.Globalization;
using MlAttention;
using MlAttention.Examples.GenerateText;

// Learns the sentences of datasets/word_order.csv, writes new ones, and lets their grammar judge them.
// usage: GenerateText [word_order.csv] [epochs] [sentences a temperature]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var csv = args.Length > 0 ? args[0] : Path.Combine("datasets", "word_order.csv");
var epochs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 12;
var count = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 500;

var experiment = Experiment.Train(csv, epochs, Console.WriteLine);
var (model, grammar) = experiment.Perplexity();
Console.WriteLine($"perplexity of held-out sentences {model:0.000}; of the grammar itself {grammar:0.000}");

Console.WriteLine("\n| temperature | top-p | grammatical | different | not in the training data |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var (temperature, topP) in new[] { (0, 1.0), (0.5, 1), (0.8, 1), (1, 1), (1.2, 1), (1.5, 1), (2, 1), (1.5, 0.9) })
{
    var written = experiment.Write(count, new GenerationOptions { Temperature = temperature, TopP = topP });
    Console.WriteLine($"| {temperature} | {topP} | {(double)written.Grammatical / count:P1} | {written.Different} | {written.New} |");
}

Console.WriteLine();
foreach (var sentence in experiment.Write(4, new GenerationOptions()).Sentences) Console.WriteLine(sentence);
Console.WriteLine(experiment.Generator.Generate("The young nurse", new GenerationOptions { Temperature = 0.8 }).Text);
