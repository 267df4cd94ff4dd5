using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The samples of docs/SEQUENCE_TO_SEQUENCE.md, run.</summary>
public class SequenceToSequenceSamples
{
    private static readonly string[] s_colours = ["red", "blue", "green"], s_things = ["house", "door", "boat"];

    static SequenceToSequenceSamples() =>
        File.WriteAllLines(Sample("pairs.csv"), ["English,French", .. s_things.SelectMany(thing => s_colours.Select(colour => $"a {colour} {thing},{French(thing)} {French(colour)}"))]);

    [Fact]
    public void SequenceToSequence_FromCsv()
    {
        // sample: SequenceToSequence_FromCsv
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView pairs = attention.LoadCsv(new CsvOptions { TextColumns = ["English", "French"], JoinTexts = false, LabelColumn = null }, Sample("pairs.csv"));
        ITransformer model = attention.SequenceToSequence("Translation", "English", "French", epochs: 10).Fit(pairs);
        mlContext.Model.Save(model, pairs.Schema, Sample("translator.zip"));
        ITransformer loaded = mlContext.Model.LoadAttention(Sample("translator.zip"), out _);
        foreach (string translation in loaded.Transform(pairs).GetColumn<string>("Translation").Take(3)) Console.WriteLine(translation);
        // end of sample

        Assert.Equal(9, loaded.Transform(pairs).GetColumn<string>("Translation").Count());
    }

    [Fact]
    public void SequenceToSequence_Model()
    {
        var (mlContext, pairs) = Pairs();
        // sample: SequenceToSequence_Model
        SequenceToSequenceTransformer translator = mlContext.Attention().SequenceToSequence(new SequenceToSequenceOptions
        {
            SourceColumnName = "English",
            TargetColumnName = "French",
            Encoder = new() { ModelWidth = 32, Heads = 2, MaxLength = 16 },
            Decoding = new() { Width = 8, MaxLength = 15 },
            Training = new() { Epochs = 5, RareTokenDropout = 0 },
        }).Fit(pairs);
        IReadOnlyList<DecodedText> found = translator.Model.Write(["a red boat"], new() { Width = 3, MaxLength = 15 })[0];
        foreach (DecodedText text in found) Console.WriteLine($"{text.LogProbability:0.00} {text.Text}");
        CrossAttentionMap last = translator.Model.CrossAttention("a red boat", found[0].Text)[^1];
        Console.WriteLine($"{last.TargetTokens.Count} rows, {last.SourceTokens.Count} columns, {last.Heads.Count} heads");
        // end of sample

        Assert.Equal(3, found.Count);
        Assert.Equal(["a", "red", "boat"], last.SourceTokens);
    }

    [Fact]
    public void SequenceToSequence_Module()
    {
        using var scope = torch.NewDisposeScope();
        // sample: SequenceToSequence_Module
        var options = new SequenceModelOptions { ModelWidth = 32, Heads = 2, MaxLength = 16 };
        using var model = new SequenceToSequence(options, options with { Layers = 1 }, sourceVocabulary: 50, targetVocabulary: 40);
        model.eval();
        var source = torch.tensor(new long[,] { { 7, 3, 9 }, { 8, 4, 0 } });                     // [B,S]
        var mask = source.ne(0);                                                                 // [B,S], True = a real token
        var target = torch.tensor(new long[,] { { model.StartToken, 5 }, { model.StartToken, 6 } });    // [B,L]
        var logits = model.call(source, mask, target);                                           // [B,L,V] = [2,2,40], teacher forcing
        var found = model.Decode(source, mask, BeamSearchOptions.Greedy with { MaxLength = 15 });    // encodes the sources once
        var weights = model.CrossAttentionWeights(source, mask, target);                         // [B,H,L,S] = [2,2,2,3], of each layer
        // end of sample

        Assert.Equal([2L, 2, 40], logits.shape);
        Assert.Equal(2, found.Count);
        Assert.Equal([2L, 2, 2, 3], Assert.Single(weights).shape);
    }

    [Fact]
    public void BeamSearch_AnyModel()
    {
        // sample: BeamSearch_AnyModel
        // After nothing: a 0.55, b 0.45. After a nothing is likely; after b comes the end.
        static float[] Next(TokenPrefix prefix) => prefix.Tokens switch { [] => [0.55f, 0.45f, 0], [0] => [0.34f, 0.33f, 0.33f], _ => [0, 0, 1] };
        NextTokens model = prefixes => [.. prefixes.SelectMany(Next).Select(p => MathF.Log(p))];
        var plain = new BeamSearchOptions { LengthNormalization = 0 };
        DecodedSequence greedy = BeamSearch.Run(rows: 1, endToken: 2, plain with { Width = 1 }, model)[0][0];    // a a, 0.19
        DecodedSequence beam = BeamSearch.Run(rows: 1, endToken: 2, plain with { Width = 2 }, model)[0][0];      // b, 0.45
        // end of sample

        Assert.Equal([0, 0], greedy.Tokens);
        Assert.Equal([1], beam.Tokens);
        Assert.Equal((0.187, 0.45), (Math.Round(Math.Exp(greedy.LogProbability), 3), Math.Round(Math.Exp(beam.LogProbability), 3)));
    }

    private static (MLContext, IDataView) Pairs()
    {
        var mlContext = new MLContext(seed: 1);
        return (mlContext, mlContext.Attention().LoadCsv(new CsvOptions { TextColumns = ["English", "French"], JoinTexts = false, LabelColumn = null }, Sample("pairs.csv")));
    }

    private static string French(string word) => word switch { "red" => "rouge", "blue" => "bleue", "green" => "verte", "house" => "une maison", "door" => "une porte", _ => "une barque" };
}
