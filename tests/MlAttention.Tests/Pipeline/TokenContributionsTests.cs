using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline;

public class TokenContributionsTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>The whole way by public means alone: what the words add up to is what the scores of the text and of one of unknown words say.</summary>
    [Theory]
    [InlineData(EngineKind.Managed, PoolingKind.Mean, "owl")]
    [InlineData(EngineKind.TorchSharp, PoolingKind.Cls, "cat")]
    [InlineData(EngineKind.Managed, PoolingKind.Attention, null)]
    public void IntegratedGradients_EveryRow_AddUpToTheDifferenceOfScores(EngineKind engine, PoolingKind pooling, string? label)
    {
        var (model, data) = Train(TinyTexts.Classifier with { Pooling = pooling, Training = TinyTexts.Classifier.Training with { Compute = new() { Engine = engine } } });
        var explained = _ml.Attention().TokenContributions(model.LastTransformer, label: label).Fit(data).Transform(data);
        string[] unknown = [.. data.GetColumn<string>("Text").Select(text => string.Join(' ', text.Split(' ').Select(_ => "zz")))];
        var hidden = model.Transform(_ml.Data.LoadFromEnumerable(unknown.Select(text => new TinyTexts.Row { Text = text, Label = "dog" }))).GetColumn<float[]>("Score");
        var labels = data.Schema["Label"].KeyTexts();

        foreach (var ((score, baseline), contributions) in data.GetColumn<float[]>("Score").Zip(hidden).Zip(explained.GetColumn<float[]>("Contributions")))
        {
            int target = label is null ? Array.IndexOf(score, score.Max()) : labels.ToList().IndexOf(label);
            Assert.Equal(LogOdds(score[target]) - LogOdds(baseline[target]), contributions.Sum(), 5e-3);
        }

        static double LogOdds(double probability) => Math.Log(probability / (1 - probability));
    }

    [Fact]
    public void LeaveOneOut_EveryToken_IsTheDifferenceToTheTextWithAnUnknownWord()
    {
        var (model, data) = Train(TinyTexts.Classifier);
        var options = new TokenContributionsOptions(model.LastTransformer.Model) { Method = ExplanationMethod.LeaveOneOut, Label = "dog", OutputColumnName = "Words" };
        var explained = _ml.Attention().TokenContributions(options).Fit(data).Transform(data);
        int dog = data.Schema["Label"].KeyTexts().ToList().IndexOf("dog");
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model.Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(data)));

        foreach (var (text, contributions) in data.GetColumn<string>("Text").Zip(explained.GetColumn<float[]>("Words")).Take(9))
        {
            string[] words = text.Split(' ');
            Assert.Equal(words.Length, contributions.Length);
            for (int i = 0; i < words.Length; i++)
                Assert.Equal(LogOdds(text) - LogOdds(string.Join(' ', words.Select((word, place) => place == i ? "zz" : word))), contributions[i], 2e-3);
        }

        double LogOdds(string text) => engine.Predict(new TinyTexts.Row { Text = text, Label = "dog" }).Score[dog] is var p ? Math.Log(p / (1.0 - p)) : 0;
    }

    [Fact]
    public void TokenContributions_TextThatIsCut_HasANumberForEachKeyAndZerosBehind()
    {
        var (model, _) = Train(TinyTexts.Classifier);
        var data = model.Transform(_ml.Data.LoadFromEnumerable([new TinyTexts.Row { Text = string.Join(' ', Enumerable.Repeat("bark", 20)), Label = "dog" }]));
        var transformer = _ml.Attention().TokenContributions(model.LastTransformer).Fit(data);
        float[] contributions = transformer.Transform(data).GetColumn<float[]>("Contributions").Single();

        Assert.Equal(20, contributions.Length);
        Assert.DoesNotContain(0, contributions[..13]);
        Assert.All(contributions[13..], contribution => Assert.Equal(0, contribution));
        Assert.Equal(1, transformer.TruncatedRows);
    }

    [Theory]
    [InlineData(ExplanationMethod.LeaveOneOut, "owl", LeftOutToken.Removed)]
    [InlineData(ExplanationMethod.IntegratedGradients, null, LeftOutToken.Replaced)]
    public void Save_MethodClassAndDetails_AreThoseOfTheLoadedOne(ExplanationMethod method, string? label, LeftOutToken leftOut)
    {
        var (model, data) = Train(TinyTexts.Classifier);
        var options = new TokenContributionsOptions(model.LastTransformer.Model) { Method = method, Label = label, Explanation = new() { Steps = 2, LeftOut = leftOut, Baseline = ExplanationBaseline.Zero } };
        var transformer = _ml.Attention().TokenContributions(options).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(transformer, data.Schema, stream);
        stream.Position = 0;
        var loaded = _ml.Model.LoadAttention(stream, out _);

        Assert.Equal(transformer.Transform(data).GetColumn<float[]>("Contributions"), loaded.Transform(data).GetColumn<float[]>("Contributions"));
    }

    [Fact]
    public void TokenContributions_BadOptions_ListsThemAll()
    {
        var (model, _) = Train(TinyTexts.Classifier);
        var options = new TokenContributionsOptions(model.LastTransformer.Model) { Method = (ExplanationMethod)5, Label = "wolf", Explanation = new() { Steps = 1001 } };
        string message = Assert.Throws<ArgumentException>(() => _ml.Attention().TokenContributions(options)).Message;

        Assert.Contains("Method = 5: is not a method", message, StringComparison.Ordinal);
        Assert.Contains("Label = wolf: is no class of the model; its classes are 'dog', 'cat', 'owl'".Replace("'dog', 'cat', 'owl'", string.Join(", ", model.LastTransformer.Model.Labels!.Formatted.Select(label => $"'{label}'")), StringComparison.Ordinal), message, StringComparison.Ordinal);
        Assert.Contains("Steps = 1001", message, StringComparison.Ordinal);
    }

    private (TransformerChain<AttentionClassifierTransformer> Model, IDataView Data) Train(AttentionClassifierOptions options)
    {
        var rows = TinyTexts.Data(_ml, 31);
        var model = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(options)).Fit(rows);
        return (model, model.Transform(rows));
    }
}
