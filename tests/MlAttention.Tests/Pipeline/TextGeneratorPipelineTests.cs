using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>A causal model trained on lines of text in a pipeline: both engines, perplexity, saving, loading, resuming.</summary>
public sealed class TextGeneratorPipelineTests : IDisposable
{
    private static readonly string[] s_animals = ["dog", "cat", "owl"], s_verbs = ["sees", "hears"], s_times = ["today", "at night"];
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Every word after "the" is an animal, which never sees itself: what can be learned of 24 sentences is known.</summary>
    [Theory, InlineData(EngineKind.Managed), InlineData(EngineKind.TorchSharp)]
    public void Fit_BothEngines_LearnTheSentences(EngineKind engine)
    {
        var model = Fit(Options() with { Training = Options().Training with { Compute = new() { Engine = engine, Threads = 1 } } });

        double perplexity = model.Generator.Perplexity(Sentences());
        double best = Math.Exp(Math.Log(Sentences().Length) / Sentences().Average(text => model.Generator.Score(text).Tokens));
        Assert.InRange(perplexity, best, 1.15 * best);
        Assert.NotEmpty(model.History);
        string[] written = [.. Enumerable.Range(0, 40).Select(seed => model.Generator.Generate("", new() { Seed = seed, Temperature = 0.5 }).Text)];
        Assert.InRange(written.Count(Sentences().Contains), 24, 40);
        Assert.Equal(GenerationStopReason.EndOfText, model.Generator.Generate("The dog", new() { Temperature = 0 }).StopReason);
    }

    /// <summary>What training measures on the whole texts is what scoring them token by token gives.</summary>
    [Theory, InlineData(TokenizerKind.Word), InlineData(TokenizerKind.Character), InlineData(TokenizerKind.BytePair)]
    public void Perplexity_OfTheValidationTexts_IsThatOfTheBestEpoch(TokenizerKind tokenizer)
    {
        string[] validation = ["The owl sees the dog today.", "The cat hears the owl at night.", "The zebra sees the cat."];
        var options = Options() with { Tokenizer = new() { Tokenizer = tokenizer, LowerCase = false, MaxSize = 40 } };

        var model = _ml.Attention().TextGenerator(options).Fit(Data(Sentences()), Data(validation));

        double best = model.History.Min(epoch => epoch.ValidationPerplexity!.Value);
        Assert.Equal(best, model.Generator.Perplexity(validation), 1e-4 * best);
        string text = model.Generator.Generate("The dog", new() { Seed = 2, MostTokens = 30 }).Text;
        Assert.StartsWith("The dog", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u2581", text, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_Columns_AreTheGeneratorsLikelihoods()
    {
        var model = Fit(Options() with { LogLikelihoodColumnName = "L", PerplexityColumnName = "P", Training = Options().Training with { Epochs = 1 } });
        var scored = model.Transform(Data(["The owl sees the dog today.", "", "The zebra."]));

        Assert.Equal(NumberDataViewType.Single, scored.Schema["L"].Type);
        var expected = new[] { "The owl sees the dog today.", "", "The zebra." }.Select(text => model.Generator.Score(text)).ToArray();
        Assert.Equal(expected.Select(likelihood => (float)likelihood.LogLikelihood), scored.GetColumn<float>("L"));
        Assert.Equal(expected.Select(likelihood => (float)likelihood.Perplexity), scored.GetColumn<float>("P"));
        Assert.Equal(["Text", "L", "P"], model.GetOutputSchema(Data([""]).Schema).Select(column => column.Name));
    }

    [Fact]
    public void Save_Zip_LoadsWithPredictionEngineAndServes()
    {
        var data = Data(Sentences());
        var model = _ml.Attention().TextGenerator(Options() with { Training = Options().Training with { Epochs = 2 } }).Fit(data);
        string path = _folder.File("generator.zip"), file = _folder.File("generator.safetensors");
        _ml.Model.Save(model, data.Schema, path);

        var loaded = _ml.Model.LoadAttention(path, out _);

        using var engine = _ml.Model.CreatePredictionEngine<Line, Likelihood>(loaded);
        var generator = ((loaded as IEnumerable<ITransformer> ?? [loaded]).OfType<TextGeneratorTransformer>().Single()).Generator;
        foreach (string text in Sentences().Take(5))
        {
            var prediction = engine.Predict(new Line { Text = text });
            Assert.Equal((float)model.Generator.Score(text).Perplexity, prediction.Perplexity);
            Assert.Equal((float)model.Generator.Score(text).LogLikelihood, prediction.LogLikelihood);
        }
        generator.Save(file);
        Assert.Equal(model.Generator.Generate("The", new() { Seed = 5 }).Text, TextGenerator.Load(file).Generate("The", new() { Seed = 5 }).Text);
        Assert.Equal(model.ToState().ToBytes(), ((TextGeneratorTransformer)ComponentRegistry.Open(model.ToState().ToBytes())).ToState().ToBytes());
    }

    [Fact]
    public void Fit_Resumed_GivesTheWeightsOfTheWholeRun()
    {
        var options = Options() with { Training = Options().Training with { Epochs = 3, Checkpoints = new() { Directory = _folder.File("run"), EverySteps = 1, Keep = 100 }, ResumeFrom = _folder.File("run") } };
        var whole = Fit(options);
        foreach (string checkpoint in Directory.GetFiles(_folder.File("run")).Order(StringComparer.Ordinal).Skip(4)) File.Delete(checkpoint);

        var resumed = Fit(options);

        Assert.Equal(whole.Generator.Parts.Weights.Select(weight => weight.Values), resumed.Generator.Parts.Weights.Select(weight => weight.Values));
    }

    [Fact]
    public void Fit_Cancelled_Throws()
    {
        var options = Options() with { Training = Options().Training with { CancellationToken = new CancellationToken(canceled: true) } };
        Assert.Throws<OperationCanceledException>(() => Fit(options));
    }

    [Fact]
    public void Fit_TextsWithoutTokensAndTooLongOnes_AreCounted()
    {
        var log = new List<string>();
        _ml.Log += (_, message) => log.Add(message.RawMessage);
        var model = _ml.Attention().TextGenerator(Options() with { MaxLength = 4, Training = Options().Training with { Epochs = 1 } }).Fit(Data([.. Sentences(), "", " "]));
        Assert.Contains("2 texts have no token and were left out.", log);
        Assert.Contains(log, line => line.StartsWith("Truncated: ", StringComparison.Ordinal));
        _ = model.Transform(Data(["The owl sees the dog today."])).GetColumn<float>("Perplexity").ToArray();
        Assert.Equal(1, model.TruncatedRows);
    }

    [Fact]
    public void TextGenerator_WrongOptions_AreAllListed()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Attention().TextGenerator(new TextGeneratorOptions
        {
            Mask = MaskKind.Bidirectional,
            Truncation = TruncationSide.KeepEnd,
            TextColumnName = "Perplexity",
            Tokenizer = new() { UnknownToken = "[UNK]", MaxLength = 9, InputColumnName = "Other" },
            Training = new() { Epochs = 0 },
        }));
        Assert.All(new[] { "Mask = Bidirectional", "Truncation = KeepEnd", "TextColumnName = ", "UnknownToken = [UNK]", "MaxLength = 9", "InputColumnName = Other", "Epochs = 0" },
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.Contains("runs on the managed engine", Assert.Throws<NotSupportedException>(() => _ml.Attention().TextGenerator(new TextGeneratorOptions { Score = ScoreFunction.Additive })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Attention().TextGenerator("Lines").Fit(Data(["a"])));
    }

    private TextGeneratorTransformer Fit(TextGeneratorOptions options) => _ml.Attention().TextGenerator(options).Fit(Data(Sentences()));

    private IDataView Data(string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Line { Text = text }));

    private static TextGeneratorOptions Options() => new()
    {
        ModelWidth = 32, Heads = 2, FeedForwardWidth = 48, Layers = 1, MaxLength = 60, Dropout = 0,
        Training = new() { LabelSmoothing = 0, Epochs = 40, BatchSize = 8, ValidationFraction = 0, RareTokenDropout = 0, Seed = 1, Compute = new() { Threads = 1 }, Optimizer = new() { LearningRate = 1e-2 } },
    };

    /// <summary>24 sentences, all alike in number.</summary>
    private static string[] Sentences() =>
    [
        .. from subject in s_animals
           from verb in s_verbs
           from other in s_animals
           from time in s_times
           where other != subject
           select $"The {subject} {verb} the {other} {time}.",
    ];

    public sealed class Line
    {
        public string Text { get; set; } = "";
    }

    public sealed class Likelihood
    {
        public float LogLikelihood { get; set; }

        public float Perplexity { get; set; }
    }
}
