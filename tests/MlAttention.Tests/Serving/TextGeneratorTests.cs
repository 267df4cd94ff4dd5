using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Core.Serving;
using MlAttention.Core.Text;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Serving;

/// <summary>Writing and scoring texts without ML.NET: with random weights, since what is promised holds for any.</summary>
public sealed class TextGeneratorTests : IDisposable
{
    private static readonly string[] s_words = ["the", "cook", "sent", "nurse", "to", "market", ".", "old"];
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    /// <summary>Formula by formula in double precision; see <see cref="ReferenceCausalModel"/>.</summary>
    [Fact]
    public void Score_TinyModel_IsTheFormulasLogLikelihood()
    {
        var generator = Random(seed: 3, model => model with { Layers = 2, Activation = ActivationKind.Relu, ModelWidth = 6, Heads = 2, FeedForwardWidth = 10 });
        var reference = new ReferenceCausalModel(generator.Parts.Architecture, generator.Parts.Weights);
        int[] keys = [1, .. new[] { "the", "old", "nurse", "sent", "the", "cook", "." }.Select(word => Key(generator, word))];
        double expected = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            double[] logits = reference.LogitsAtLast(keys[..(i + 1)]);
            int next = i + 1 < keys.Length ? keys[i + 1] - 1 : 1;      // [EOS] behind the last word
            expected += logits[next] - Math.Log(logits.Sum(Math.Exp));
        }

        var likelihood = generator.Score("the old nurse sent the cook.");

        Assert.Equal(expected, likelihood.LogLikelihood, 1e-4);
        Assert.Equal(new TextLikelihood(likelihood.LogLikelihood, 8, 0, 0), likelihood);
        Assert.Equal(Math.Exp(-expected / 8), likelihood.Perplexity, 1e-4);
        Assert.Equal(likelihood.Perplexity, generator.Perplexity(["the old nurse sent the cook."]), 1e-12);
    }

    /// <summary>Token by token with a cache, and the whole text at once: the same logits, for every position scheme.</summary>
    [Fact]
    public void Score_EveryPositionScheme_AgreesWithTheWholeText()
    {
        foreach (var scheme in Enum.GetValues<PositionScheme>())
        {
            var generator = Random(seed: 5, model => model with { Positions = scheme });
            var configuration = generator.Parts.Configuration;
            int[] tokens = [1, .. new[] { "the", "old", "nurse" }.Select(word => Key(generator, word))];
            float[] logits = new float[tokens.Length * configuration.Classes];
            new ManagedEngineProvider().CreateScorer(configuration, generator.Parts.Weights).Score(new TokenBatch { Rows = 1, Length = tokens.Length, Tokens = tokens, Lengths = [tokens.Length] }, logits);
            double expected = 0;
            for (int i = 0; i < tokens.Length; i++) expected -= MlAttention.Core.Objectives.CrossEntropy.Of(logits.AsSpan(i * configuration.Classes, configuration.Classes), i + 1 < tokens.Length ? tokens[i + 1] - 1 : 1);
            Assert.Equal(expected, generator.Score("the old nurse").LogLikelihood, 1e-5 * tokens.Length);
        }
    }

    [Fact]
    public void Score_UnknownAndTooManyTokens_AreCounted()
    {
        var generator = Random(seed: 1, model => model with { MaxLength = 4 });
        var likelihood = generator.Score("the zebra sent the cook to market");
        Assert.Equal((3, 1, 4), (likelihood.Tokens, likelihood.UnknownTokens, likelihood.CutTokens));
        Assert.Equal((1, 0, 0), (generator.Score("").Tokens, generator.Score("").UnknownTokens, generator.Score("").CutTokens));
    }

    [Fact]
    public void Generate_SameSeed_WritesTheSameText()
    {
        var generator = Random(seed: 1);
        var options = new GenerationOptions { Seed = 7, MostTokens = 12 };
        var text = generator.Generate("the cook", options);
        Assert.Equal(text.Text, generator.Generate("the cook", options).Text);
        Assert.StartsWith("the cook", text.Text, StringComparison.Ordinal);
        Assert.Equal("the cook", text.Prompt);
        Assert.Contains(Enumerable.Range(8, 5).Select(seed => generator.Generate("the cook", options with { Seed = seed }).Text), other => other != text.Text);
        var greedy = options with { Temperature = 0 };
        Assert.Equal(generator.Generate("the", greedy).Text, generator.Generate("the", greedy with { Seed = 99 }).Text);
        Assert.DoesNotContain("[BOS]", string.Concat(Enumerable.Range(0, 50).Select(seed => generator.Generate("", new() { Seed = seed }).Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_Greedy_TakesTheMostProbableTokens()
    {
        var generator = Random(seed: 2);
        var text = generator.Generate("the", new() { Temperature = 0, MostTokens = 1 });
        var reference = new ReferenceCausalModel(generator.Parts.Architecture, generator.Parts.Weights);
        double[] logits = reference.LogitsAtLast([1, Key(generator, "the")]);
        logits[0] = double.NegativeInfinity;
        int token = Array.IndexOf(logits, logits.Max());
        if (token == 1) Assert.Equal(GenerationStopReason.EndOfText, text.StopReason);
        else Assert.Equal(generator.Vocabulary[token], text.Tokens.Single());
    }

    [Fact]
    public void Generate_StopRules_TellWhy()
    {
        var generator = Random(seed: 1, model => model with { MaxLength = 10 });
        var endless = new GenerationOptions { TopK = 1 };
        Assert.Equal((GenerationStopReason.MostTokens, 2), Of(Forced(generator, "cook").Generate("the", endless with { MostTokens = 2 })));
        Assert.Equal((GenerationStopReason.StopToken, 0), Of(Forced(generator, "cook").Generate("the", endless with { StopTokens = ["cook"] })));
        Assert.Equal((GenerationStopReason.MaxLength, 9), Of(Forced(generator, "cook").Generate("the", endless)));       // with the prompt as many as are read
        Assert.Equal((GenerationStopReason.EndOfText, 0), Of(Forced(generator, "[EOS]").Generate("the", endless)));
        Assert.Equal("the cook cook", Forced(generator, "cook").Generate("the", endless with { MostTokens = 2 }).Text);
        Assert.Distinct(Forced(generator, "cook").Generate("the", new() { NoRepeatNgram = 1 }).Tokens.Append("the"));

        static (GenerationStopReason, int) Of(GeneratedText text) => (text.StopReason, text.Tokens.Count);
    }

    [Fact]
    public void Generate_WrongRequests_AreRefused()
    {
        var generator = Random(seed: 1, model => model with { MaxLength = 4 });
        Assert.Contains("has 4 tokens", Assert.Throws<ArgumentException>(() => generator.Generate("the old cook sent")).Message, StringComparison.Ordinal);
        Assert.Equal(3, Random(seed: 1, model => model with { MaxLength = 4 }).Generate("the old cook", new() { MostTokens = 1 }).Prompt.Split(' ').Length);
        Assert.Contains("'zebra'", Assert.Throws<ArgumentException>(() => generator.Generate("", new() { StopTokens = ["zebra"] })).Message, StringComparison.Ordinal);
        Assert.Contains("TopP = 2", Assert.Throws<ArgumentException>(() => generator.Generate("", new() { TopP = 2 })).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => generator.Generate("", null, new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => generator.Perplexity(["the"], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void GenerateStream_PiecesTogether_AreTheText()
    {
        var generator = Random(seed: 1);
        for (int seed = 0; seed < 20; seed++)
        {
            var options = new GenerationOptions { Seed = seed, MostTokens = 10 };
            Assert.Equal(generator.Generate("the old", options).Continuation, string.Concat(generator.GenerateStream("the old", options)));
        }
        Assert.Single(Forced(generator, "cook").GenerateStream("the", new() { MostTokens = 30, NoRepeatNgram = 1 }).Take(1));      // left early, the memory goes back
        using var source = new CancellationTokenSource();
        var pieces = Forced(generator, "cook").GenerateStream("the", null, source.Token).GetEnumerator();
        Assert.True(pieces.MoveNext());
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => pieces.MoveNext());
    }

    [Fact]
    public void Generate_ManyThreads_WriteWhatOneWrites()
    {
        var generator = Random(seed: 4);
        string[] expected = [.. Enumerable.Range(0, 64).Select(seed => generator.Generate("the", new() { Seed = seed, MostTokens = 15 }).Text)];
        string[] actual = new string[expected.Length];
        Parallel.For(0, expected.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed => actual[seed] = generator.Generate("the", new() { Seed = seed, MostTokens = 15 }).Text);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Generate_BeginningIsTheMostProbable_IsNotWritten()
    {
        var text = Forced(Random(seed: 1), LineTokens.Texts[LineTokens.Begin]).Generate("the", new() { Temperature = 0, MostTokens = 5 });
        Assert.DoesNotContain(LineTokens.Texts[LineTokens.Begin], text.Tokens);
    }

    [Fact]
    public void Next_AfterWarmUp_AllocatesNothing()
    {
        var parts = Forced(Random(seed: 1, model => model with { MaxLength = 40 }), "cook").Parts;
        var generation = new TextGeneration(parts, new Vocabulary(parts.Vocabulary), ManagedEngineProvider.CreateDecoders(parts.Configuration, parts.Weights)());
        var options = new GenerationOptions { TopK = 5, TopP = 0.9, RepetitionPenalty = 1.1 };
        Write();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int tokens = Write();
        long ofBegin = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        generation.Begin("the", options);
        Assert.Equal(GC.GetAllocatedBytesForCurrentThread() - before, ofBegin);
        Assert.InRange(tokens, 20, 40);

        int Write()
        {
            generation.Begin("the", options);
            while (generation.Next(out _) is null) { }
            return generation.Written;
        }
    }

    [Fact]
    public void Load_SavedGenerator_WritesTheSameTexts()
    {
        var generator = Random(seed: 6);
        string path = Path.Combine(_folder, "generator.safetensors");
        generator.Save(path);
        var again = TextGenerator.Load(path);
        Assert.Equal(generator.Vocabulary, again.Vocabulary);
        Assert.Equal(generator.MaxLength, again.MaxLength);
        Assert.Equal(generator.Score("the old nurse"), again.Score("the old nurse"));
        Assert.Equal(generator.Generate("the", new() { Seed = 3 }).Text, again.Generate("the", new() { Seed = 3 }).Text);
    }

    [Fact]
    public void Load_OtherFiles_AreRefused()
    {
        string path = Path.Combine(_folder, "other.safetensors");
        Assert.Contains("no such file", Assert.Throws<FileNotFoundException>(() => TextGenerator.Load(path)).Message, StringComparison.Ordinal);
        SafetensorsFile.Write(path, [new("x", [1], [1])], new Dictionary<string, string>());
        Assert.Contains("no text generator", Assert.Throws<InvalidDataException>(() => TextGenerator.Load(path)).Message, StringComparison.Ordinal);
        var parts = Random(seed: 6).Parts;
        TextGeneratorFile.Write(path, parts with { Vocabulary = [.. parts.Vocabulary.Reverse()] });
        Assert.Contains("does not begin with [BOS]", Assert.Throws<InvalidDataException>(() => TextGenerator.Load(path)).Message, StringComparison.Ordinal);
        TextGeneratorFile.Write(path, parts with { Weights = [.. parts.Weights.Skip(1)] });
        Assert.Throws<InvalidDataException>(() => TextGenerator.Load(path));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Throws<InvalidDataException>(() => TextGenerator.Load(path));
    }

    [Fact]
    public void Constructor_WhatIsNotCovered_IsRefused()
    {
        var parts = Random(seed: 1).Parts;
        var error = Assert.Throws<NotSupportedException>(() => new TextGenerator(parts with { Architecture = parts.Architecture with { Score = ScoreFunction.Additive } }));
        Assert.Contains("runs on the managed engine, and it has no Additive score", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Key(TextGenerator generator, string word) => generator.Vocabulary.ToList().IndexOf(word) + 1;

    /// <summary>A generator of words with random weights.</summary>
    internal static TextGenerator Random(int seed, Func<SequenceModelOptions, SequenceModelOptions>? change = null)
    {
        var model = new SequenceModelOptions { Task = TaskKind.NextToken, Mask = MaskKind.Causal, Head = HeadKind.Tied, ModelWidth = 8, Heads = 2, FeedForwardWidth = 12, MaxLength = 20, Activation = ActivationKind.Relu };
        var parts = new TextGeneratorParts { Tokenizer = new(), Vocabulary = [.. LineTokens.Texts, .. s_words], Architecture = change?.Invoke(model) ?? model, Weights = [] };
        var random = new Random(seed);
        var (architecture, rows, classes) = parts.Configuration;
        return new TextGenerator(parts with { Weights = [.. WeightLayout.Of(architecture, rows, classes).Select(weight => new WeightTensor(weight.Name, weight.Shape, [.. Enumerable.Range(0, weight.Count).Select(_ => random.NextSingle() - 0.4f)]))] });
    }

    /// <summary>The same generator that finds one token the most probable by far, wherever it stands.</summary>
    private static TextGenerator Forced(TextGenerator generator, string token)
    {
        int place = generator.Vocabulary.ToList().IndexOf(token);
        return new(generator.Parts with { Weights = [.. generator.Parts.Weights.Select(weight => weight.Name != "head.bias" ? weight : weight with { Values = [.. weight.Values.Select((value, i) => i == place ? 100f : value)] })] });
    }
}
