using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>The encoder-decoder as an estimator: it learns, what its options do, and that a run goes on where it stood.</summary>
public sealed class SequenceToSequenceEstimatorTests
{
    private static readonly string[] _letters = ["a", "b", "c", "d", "e"];

    private sealed class Pair
    {
        public string Source { get; set; } = "";

        public string Target { get; set; } = "";
    }

    [Fact]
    public void Fit_SequencesToReverse_AreReversedThatWereNotLearned()
    {
        var rows = Reversals();
        var options = Options with { Training = Options.Training with { Epochs = 60, BatchSize = 16, ValidationFraction = 0, Optimizer = new() { LearningRate = 5e-3 } } };
        var transformer = Fit(options, rows[25..]);

        var written = transformer.Model.Write([.. rows[..25].Select(row => row.Source)]);

        Assert.InRange(written.Zip(rows).Count(pair => pair.First[0].Text == pair.Second.Target), 20, 25);
    }

    [Fact]
    public void Fit_CancelledAndResumed_GivesTheWeightsOfARunThatWasNot()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var training = Options.Training with { Epochs = 3, Seed = 5 };
        var options = Options with { Encoder = Options.Encoder with { Dropout = 0.2 } };
        var whole = Fit(options with { Training = training }, Reversals()).Model;
        var kept = training with { Checkpoints = new() { Directory = folder.Path }, ResumeFrom = folder.Path };

        Assert.ThrowsAny<OperationCanceledException>(() => Fit(options with { Training = kept with { CancellationToken = cancellation.Token, Progress = new CancelAfterEpoch(cancellation) } }, Reversals()));
        var resumed = Fit(options with { Training = kept }, Reversals()).Model;

        Assert.NotEmpty(Directory.GetFiles(folder.Path));
        Assert.Equal(whole.Weights.Select(weight => weight.Name), resumed.Weights.Select(weight => weight.Name));
        Assert.Equal(whole.Weights.SelectMany(weight => weight.Values), resumed.Weights.SelectMany(weight => weight.Values));
        var other = Assert.Throws<ArgumentException>(() => Fit(options with { Decoder = options.Encoder with { Positions = PositionScheme.None }, Training = kept }, Reversals()));
        Assert.Contains("whose decoder has Positions = None", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ValidationDataGiven_ValidatesOnIt()
    {
        var (ml, rows) = (new MLContext(seed: 1), Reversals());
        var validation = ml.Data.LoadFromEnumerable(rows[..25]);

        var model = ml.Attention().SequenceToSequence(Options).Fit(ml.Data.LoadFromEnumerable(rows[25..]), validation).Model;
        var learned = ml.Attention().SequenceToSequence(Options with { Training = Options.Training with { ValidationFraction = 0 } }).Fit(ml.Data.LoadFromEnumerable(rows[25..])).Model;

        Assert.Equal((130, 25), (model.Training!.TrainingRows, model.Training.ValidationRows));
        Assert.Equal(learned.Weights.SelectMany(weight => weight.Values), model.Weights.SelectMany(weight => weight.Values));       // the rows taught it nothing
        Assert.Contains("target column 'Target'", Assert.Throws<ArgumentOutOfRangeException>(() => ml.Attention().SequenceToSequence(Options).Fit(validation, ml.Data.LoadFromEnumerable(new[] { new { Source = "a" } }))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    private static readonly Dictionary<string, Func<SequenceToSequenceOptions, SequenceToSequenceOptions>> s_changes = new()
    {
        ["SourceTokenizer"] = options => options with { SourceTokenizer = TokenizerKind.Character },
        ["TargetTokenizer"] = options => options with { TargetTokenizer = TokenizerKind.Character },
        ["LowerCase"] = options => options with { LowerCase = false },
        ["MaxVocabulary"] = options => options with { MaxVocabulary = 3 },
        ["MinCount"] = options => options with { MinCount = 2 },
        ["Encoder"] = options => options with { Encoder = options.Encoder with { Encoder = EncoderKind.Gru } },
        ["Decoder"] = options => options with { Decoder = options.Encoder with { Layers = 2 } },
        ["Training"] = options => options with { Training = options.Training with { Epochs = 2 } },
        ["Decoding"] = options => options with { Decoding = new() { Width = 1, MaxLength = 2 } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Fit_OptionChanged_ChangesTheModelOrItsTexts(string option)
    {
        var rows = Reversals();
        foreach (var row in rows[..20]) row.Source = row.Source.ToUpperInvariant();
        rows[0].Target += " once";
        var (usual, changed) = (Fit(Options, rows), Fit(s_changes[option](Options), rows));

        Assert.NotEqual(Text(usual), Text(changed));

        string Text(SequenceToSequenceTransformer transformer) => string.Join(';',
            [.. transformer.Model.Weights.Select(weight => $"{weight.Name} {weight.Values.Sum():R}"), .. Outputs(transformer, rows)]);
    }

    [Fact]
    public void SaveAndLoad_WholeModel_WritesTheSame()
    {
        using var folder = new TemporaryFolder();
        var (ml, rows) = (new MLContext(), Reversals());
        var transformer = Fit(Options with { TargetTokenizer = TokenizerKind.BytePair, Decoding = new() { Width = 3, MaxLength = 5, LengthNormalization = 0.3 } }, rows);
        ml.Model.Save(transformer, ml.Data.LoadFromEnumerable(rows).Schema, folder.File("model.zip"));

        var loaded = (SequenceToSequenceTransformer)ml.Model.LoadAttention(folder.File("model.zip"), out _);

        Assert.Equal(Outputs(transformer, rows), Outputs(loaded, rows));
        Assert.Equal(transformer.Model.Write(["a b c"])[0], loaded.Model.Write(["a b c"])[0].Take(100));
        Assert.Empty(loaded.Model.History);
    }

    [Fact]
    public void CrossAttention_OfATarget_HasARowForEachTokenAndTheEnd()
    {
        var transformer = Fit(Options, Reversals());

        var layer = Assert.Single(transformer.Model.CrossAttention("a b zebra", "c a"));

        Assert.Equal(["a", "b", "[unknown]"], layer.SourceTokens);
        Assert.Equal(["c", "a", "[end]"], layer.TargetTokens);
        Assert.Equal(2, layer.Heads.Count);
        var mean = layer.Mean();
        for (var row = 0; row < 3; row++)
        {
            Assert.Equal(1, mean[row, 0] + mean[row, 1] + mean[row, 2], 1e-5);
            Assert.Equal((layer.Heads[0][row, 1] + layer.Heads[1][row, 1]) / 2, mean[row, 1], 1e-6);
        }
    }

    [Fact]
    public void Write_EmptyText_IsAnswered() => Assert.Equal([4, 4], Fit(Options, Reversals()).Model.Write(["", "a"]).Select(texts => texts.Count));

    [Fact]
    public void Write_LongerThanTheDecoder_IsRefused()
    {
        var transformer = Fit(Options, Reversals());
        Assert.Contains("MaxLength = 8: must be less than the decoder's MaxLength = 8", Assert.Throws<ArgumentException>(() => transformer.Model.Write(["a"], new() { MaxLength = 8 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => transformer.WithDecoding(new() { MaxLength = 8 }));
    }

    [Fact]
    public void Validate_Impossible_ListsAllErrors()
    {
        var message = Assert.Throws<ArgumentException>(() => new SequenceToSequenceOptions
        {
            OutputColumnName = "",
            TargetTokenizer = TokenizerKind.Pretrained,
            MaxVocabulary = 0,
            MinCount = 0,
            Decoding = new() { MaxLength = 128 },
            Training = new() { Compute = new() { Engine = EngineKind.Managed }, FrozenLayers = 1, BalanceClasses = true },
        }.Validate()).Message;

        Assert.StartsWith("SequenceToSequenceOptions has 9 error(s): ", message, StringComparison.Ordinal);
        foreach (var part in new[] { "Columns = Source, Target, ", "TargetTokenizer = Pretrained", "MaxVocabulary = 0", "MinCount = 0", "Decoding.MaxLength = 128", "Training.Compute.Engine = Managed", "Training.RareTokenDropout = 0.25", "Training.BalanceClasses = True", "Training.FrozenLayers = 1" })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    private static SequenceToSequenceOptions Options { get; } = new()
    {
        Encoder = new() { ModelWidth = 32, Heads = 2, Layers = 1, FeedForwardWidth = 32, MaxLength = 8, Dropout = 0 },
        Decoding = new() { MaxLength = 5 },
        Training = new() { Epochs = 1, BatchSize = 32, RareTokenDropout = 0, LabelSmoothing = 0, Seed = 1, Compute = new() { Threads = 1 } },
    };

    private static SequenceToSequenceTransformer Fit(SequenceToSequenceOptions options, Pair[] rows)
    {
        var ml = new MLContext(seed: 1);
        return ml.Attention().SequenceToSequence(options).Fit(ml.Data.LoadFromEnumerable(rows));
    }

    private static string[] Outputs(SequenceToSequenceTransformer transformer, Pair[] rows) =>
        [.. transformer.Transform(new MLContext().Data.LoadFromEnumerable(rows)).GetColumn<string>("Output")];

    /// <summary>All 155 sequences of one to three of five letters, in an order that follows from a seed.</summary>
    private static Pair[] Reversals()
    {
        IEnumerable<string[]> one = _letters.Select(letter => (string[])[letter]), two = one.SelectMany(_ => _letters, (first, letter) => (string[])[.. first, letter]);
        string[][] all = [.. one, .. two, .. two.SelectMany(_ => _letters, (first, letter) => (string[])[.. first, letter])];
        new Random(3).Shuffle(all);
        return [.. all.Select(letters => new Pair { Source = string.Join(' ', letters), Target = string.Join(' ', letters.Reverse()) })];
    }

    private sealed class CancelAfterEpoch(CancellationTokenSource cancellation) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.CompletedEpoch is { Epoch: 1 }) cancellation.Cancel();
        }
    }
}
