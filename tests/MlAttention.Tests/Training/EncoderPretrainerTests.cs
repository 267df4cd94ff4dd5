using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Training;
using MlAttention.Tests.Cli;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Training;

/// <summary>Pre-training on texts whose first word tells the others.</summary>
public sealed class EncoderPretrainerTests
{
    private static readonly string[] s_animals = ["dog", "cat", "owl"], s_does = ["barks", "purrs", "hoots"], s_where = ["outside", "inside", "above"];

    /// <summary>
    /// Three words of a text follow from each other, and two letters, one of 7 and one of 26, from nothing: of 5 tokens all alike that leaves a
    /// perplexity of (7 x 26)^(1/5) = 2.8, a little less where letters are merged; before, it is about the vocabulary's size.
    /// </summary>
    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void Train_TextsWithARule_LowersPerplexity(EngineKind engine)
    {
        var options = Options(epochs: engine == EngineKind.Managed ? 30 : 12);
        var summary = Pretrainer(options with { Training = options.Training with { Compute = new() { Engine = engine, Threads = 1 } } }).Train(Texts(240)).Pretraining!;

        Assert.InRange(summary.PerplexityBefore!.Value, 10, 100);
        Assert.InRange(summary.Perplexity!.Value, 1, engine == EngineKind.Managed ? 4 : 6);
        Assert.Equal(summary.Perplexities.Min(), summary.Perplexity);
        Assert.Equal(summary.Perplexities.ToList().IndexOf(summary.Perplexity!.Value) + 1, summary.ChosenEpoch);
        Assert.Equal((240, 0), (summary.TrainingTexts + summary.HeldOutTexts, summary.EmptyTexts));
        Assert.InRange(summary.HeldOutTexts, 12, 60);
    }

    /// <summary>Masks are drawn anew in each epoch, from the seed and the epoch alone, so that a resumed run sees what it would have seen.</summary>
    [Fact]
    public void Train_InterruptedAndResumed_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var options = Options(epochs: 3);
        var kept = options with { Training = options.Training with { Checkpoints = new() { Directory = folder.Path, EverySteps = 1, EverySeconds = 0, Keep = 1000 }, ResumeFrom = folder.Path } };
        var whole = Pretrainer(options).Train(Texts(60));
        Pretrainer(kept).Train(Texts(60));
        string[] checkpoints = [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)];
        foreach (string checkpoint in checkpoints.Skip(checkpoints.Length / 2)) File.Delete(checkpoint);      // as if stopped in the second epoch
        var log = new List<string>();

        var resumed = Pretrainer(kept, log).Train(Texts(60));

        Assert.Contains(log, line => line.StartsWith("Resumed from", StringComparison.Ordinal));
        Assert.Equal(Bits(whole), Bits(resumed));
        Assert.Equal(whole.Pretraining!.Perplexities, resumed.Pretraining!.Perplexities);
    }

    /// <summary>Weights that stay tell masks apart: the training loss is that of other masks in each epoch, the perplexity that of the same ones.</summary>
    [Fact]
    public void Train_WeightsThatStay_ShowNewMasksInEachEpochAndFixedOnesOfHeldOutTexts()
    {
        var options = Options(epochs: 3);
        var epochs = new List<EpochMetrics>();
        var still = options.Training with { Progress = new Epochs(epochs), Optimizer = options.Training.Optimizer with { LearningRate = 1e-30 } };

        var summary = Pretrainer(options with { Training = still }).Train(Texts(60)).Pretraining!;

        Assert.Equal(3, epochs.Select(epoch => Math.Round(epoch.TrainingLoss, 6)).Distinct().Count());
        Assert.Equal([summary.PerplexityBefore!.Value], summary.Perplexities.Distinct());
    }

    [Fact]
    public void Train_Seed_DecidesAlone()
    {
        var options = Options(epochs: 1);
        Assert.Equal(Bits(Pretrainer(options).Train(Texts(60))), Bits(Pretrainer(options).Train(Texts(60))));
        Assert.NotEqual(Bits(Pretrainer(options).Train(Texts(60))), Bits(Pretrainer(options with { Training = options.Training with { Seed = 4 } }).Train(Texts(60))));
    }

    /// <summary>What was trained and written goes on where it stood: the head is in the folder too, so perplexity before is what it was after.</summary>
    [Fact]
    public void Train_GoingOnFromAWrittenEncoder_BeginsWithItsPerplexity()
    {
        using var folder = new TemporaryFolder();
        var first = Pretrainer(Options(epochs: 4)).Train(Texts(120));
        first.SaveHuggingFace(folder.File("encoder"));
        var log = new List<string>();
        var options = GoOn(PretrainedEncoder.Load(folder.File("encoder")));

        var second = Pretrainer(options, log).Train(Texts(120));

        Assert.Equal(first.Pretraining!.Perplexity, second.Pretraining!.PerplexityBefore);
        Assert.NotEqual(Bits(first), Bits(second));
        Assert.Equal(first.Architecture, second.Architecture);
        Assert.Contains(log, line => line.Contains("the head that predicts masked tokens is its own", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_EncoderWithoutAHead_SaysSoAndKeepsWhatItsFolderSays()
    {
        var log = new List<string>();
        var bert = PretrainedEncoder.Load(Pretrained.CheckpointFolder.Golden("bert"));
        var encoder = Pretrainer(GoOn(bert), log).Train(Texts(60, "the cat was not good"));

        Assert.Contains(log, line => line.Contains("from the encoder 'bert' (bert); the head that predicts masked tokens starts from the seed, since its folder has none", StringComparison.Ordinal));
        Assert.Equal((bert.Normalizes, bert.Architecture, bert.ModelType), (encoder.Normalizes, encoder.Architecture, encoder.ModelType));
        Assert.Equal(5, encoder.MaskHeadWeights.Count);
    }

    [Fact]
    public void Train_TextLongerThanASequence_BecomesSeveral()
    {
        var log = new List<string>();
        string longText = string.Join(' ', Enumerable.Repeat("dog barks outside", 10));       // 30 words; 6 of them beside CLS and SEP
        var options = Options(epochs: 1) with { MaxLength = 8 };

        Pretrainer(options with { Training = options.Training with { ValidationFraction = 0 } }, log).Train([longText, "dog barks"]);

        Assert.Contains(log, line => line.EndsWith(": 6 sequences of 44 tokens, and 0 held out.", StringComparison.Ordinal));
        Assert.DoesNotContain(log, line => line.StartsWith("Truncated", StringComparison.Ordinal));
    }

    /// <summary>Equal texts stay on one side, empty ones are left out and counted.</summary>
    [Fact]
    public void Train_EqualAndEmptyTexts_AreCountedAndKeptTogether()
    {
        var log = new List<string>();
        string[] texts = [.. Enumerable.Repeat("dog barks outside", 50), .. Enumerable.Repeat("outside dog", 6), "", "  "];

        var summary = Pretrainer(Options(epochs: 1), log).Train(texts).Pretraining!;

        Assert.Equal((50, 6, 2), (summary.TrainingTexts, summary.HeldOutTexts, summary.EmptyTexts));
        Assert.Contains("2 texts have no word to mask and were left out.", log);
    }

    [Fact]
    public void Train_NothingHeldOut_KeepsTheLastEpochAndSaysSo()
    {
        var log = new List<string>();
        var options = Options(epochs: 2);
        var summary = Pretrainer(options with { Training = options.Training with { ValidationFraction = 0 } }, log).Train(Texts(30)).Pretraining!;

        Assert.Equal((2, null, null, 0), (summary.ChosenEpoch, summary.Perplexity, summary.PerplexityBefore, summary.Perplexities.Count));
        Assert.Contains(log, line => line.StartsWith("No text is held out", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_WhatCannotBeTrainedWith_IsOneErrorBeforeWork()
    {
        Assert.Contains("all 2 rows are empty", Refused(Options(1), ["", " "]), StringComparison.Ordinal);
        Assert.Contains("There is no text to train on.", Refused(Options(1), []), StringComparison.Ordinal);
        var noMask = PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["vocab.txt"] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\ndog\n"u8.ToArray() });
        Assert.Contains("no mask token", Refused(Options(1) with { Tokenizer = noMask }, ["dog"]), StringComparison.Ordinal);
        string masked = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ncat\n";
        var other = PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["vocab.txt"] = System.Text.Encoding.UTF8.GetBytes(masked) });
        Assert.Contains("none has a word that the vocabulary knows", Refused(Options(1) with { Tokenizer = other }, ["dog"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EveryWrongOption_IsNamed()
    {
        var encoder = PretrainedEncoder.Load(Pretrained.CheckpointFolder.Golden("bert"));
        var wrong = new PretrainingOptions
        {
            Pretrained = encoder, Tokenizer = encoder.Tokenizer, MaskedShare = 1, MaxLength = 2,
            Training = TrainingOptions.Pretraining with { RareTokenDropout = 0.1, InitialWeightsPath = "x", FrozenLayers = 9, BalanceClasses = true },
        };
        string message = Assert.Throws<ArgumentException>(wrong.Validate).Message;
        foreach (string option in (string[])["MaskedShare = 1", "MaxLength = 2", "Tokenizer", "ModelWidth = 128: must be 15", "Heads = 4: must be 3", "FeedForwardWidth = 512: must be 7", "RareTokenDropout", "InitialWeightsPath", "FrozenLayers = 9", "BalanceClasses"])
            Assert.Contains(option, message, StringComparison.Ordinal);
        Assert.Contains("MaxLength = 12: must be at most 11", Assert.Throws<ArgumentException>((new PretrainingOptions(encoder) with { MaxLength = 12 }).Validate).Message, StringComparison.Ordinal);
        new PretrainingOptions(encoder).Validate();
        new PretrainingOptions().Validate();
    }

    private static string Refused(PretrainingOptions options, string[] texts) => Assert.Throws<ArgumentException>(() => Pretrainer(options).Train(texts)).Message;

    private static PretrainingOptions Options(int epochs) => new()
    {
        ModelWidth = 16, Layers = 1, Heads = 2, FeedForwardWidth = 23, MaxLength = 16, Dropout = 0, VocabularySize = 60,
        Training = TrainingOptions.Pretraining with { Epochs = epochs, BatchSize = 16, Seed = 3, ValidationFraction = 0.15, Compute = new() { Threads = 1 }, Optimizer = TrainingOptions.Pretraining.Optimizer with { LearningRate = 0.01 } },
    };

    private static PretrainingOptions GoOn(PretrainedEncoder encoder)
    {
        var options = new PretrainingOptions(encoder);
        return options with { Training = options.Training with { Epochs = 1, Seed = 3, ValidationFraction = 0.15, Compute = new() { Threads = 1 } } };
    }

    private static EncoderPretrainer Pretrainer(PretrainingOptions options, List<string>? log = null) =>
        new(options, new EngineFactory(new ManagedEngineProvider(), new TorchSharpProvider())) { Log = log is null ? null : log.Add, Warn = log is null ? null : log.Add };

    /// <summary>Texts that differ by a number, so that equal ones do not stay together.</summary>
    private static string[] Texts(int count, string? text = null) =>
        [.. Enumerable.Range(0, count).Select(i => text is null ? $"{s_animals[i % 3]} {s_does[i % 3]} {s_where[i % 3]} {(char)('a' + i % 7)}{(char)('a' + i / 7 % 40 % 26)}" : $"{text} {new string('!', i % 5)}")];

    private sealed class Epochs(List<EpochMetrics> epochs) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.CompletedEpoch is { } epoch) epochs.Add(epoch);
        }
    }

    private static string[] Bits(PretrainedEncoder encoder) => [.. encoder.Weights.Concat(encoder.MaskHeadWeights).Select(weight => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weight.Values.AsSpan())))];
}
