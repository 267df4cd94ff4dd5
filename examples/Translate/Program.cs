using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention;
using MlAttention.Examples.Translate;

// An encoder-decoder learns a language with another word order, shows where it looks, and is asked what it is worth without positions.
// usage: Translate [sentences to learn from] [epochs] [folder for the picture] [sentences to translate]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var learned = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2000;
var epochs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 12;
var folder = args.Length > 2 ? args[2] : ".";
var tested = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 500;
const string Example = "the old farmer sees three red birds at night";

var ml = new MLContext(seed: 1);
var sentences = MadeLanguage.Sentences(learned + tested, seed: 1);                      // all different: none of those tested is learned
var (train, test) = (ml.Data.LoadFromEnumerable(sentences.Take(learned)), ml.Data.LoadFromEnumerable(sentences.Skip(learned)));
Console.WriteLine($"{learned} sentences to learn from, {tested} others to translate, such as:\n  {sentences[^1].Source}\n  {sentences[^1].Target}");

var model = Fit(PositionScheme.Sinusoidal, PositionScheme.Sinusoidal);
Console.WriteLine("Translated exactly:          one by one   beam of 4");
Print("positions in both", model);
Print("none in the encoder", Fit(PositionScheme.None, PositionScheme.Sinusoidal));
Print("none in the decoder", Fit(PositionScheme.Sinusoidal, PositionScheme.None));
Print("none at all", Fit(PositionScheme.None, PositionScheme.None));

var written = model.Model.Write([Example])[0];
Console.WriteLine($"{Example}\n{string.Join('\n', written.Take(3).Select(text => $"  p = {Math.Exp(text.LogProbability):0.000}  {text.Text}"))}");
var path = CrossAttentionPicture.Write(folder, model.Model.CrossAttention(Example, written[0].Text));
Console.WriteLine($"Where the decoder looks while it writes that: {path}");

SequenceToSequenceTransformer Fit(PositionScheme encoder, PositionScheme decoder)
{
    var sizes = new SequenceModelOptions { ModelWidth = 64, Heads = 4, Layers = 2, FeedForwardWidth = 128, MaxLength = 16 };
    return ml.Attention().SequenceToSequence(new SequenceToSequenceOptions
    {
        Encoder = sizes with { Positions = encoder },
        Decoder = sizes with { Positions = decoder },
        Decoding = new() { MaxLength = 15 },
        Training = new() { Epochs = epochs, BatchSize = 32, RareTokenDropout = 0, Seed = 1, Compute = new() { Threads = 1 } },
    }).Fit(train);
}

void Print(string name, SequenceToSequenceTransformer transformer) =>
    Console.WriteLine($"  {name,-24} {Exact(transformer.WithDecoding(BeamSearchOptions.Greedy with { MaxLength = 15 })),12:P1}{Exact(transformer),12:P1}");

double Exact(SequenceToSequenceTransformer transformer)
{
    var view = transformer.Transform(test);
    return view.GetColumn<string>("Output").Zip(view.GetColumn<string>("Target")).Average(pair => pair.First == pair.Second ? 1.0 : 0.0);
}
