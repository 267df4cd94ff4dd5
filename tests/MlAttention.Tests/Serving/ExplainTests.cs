using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Serving;

/// <summary>Why a text classifier says what it says.</summary>
public sealed class ExplainTests : IDisposable
{
    private const string Long = "bark bone walks bark bone walks bark bone walks bark bone walks bark bone walks";

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly TransformerChain<AttentionClassifierTransformer> _pipeline;
    private readonly TextClassifier _classifier;

    public ExplainTests()
    {
        _pipeline = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier with { Pooling = PoolingKind.Cls })).Fit(TinyTexts.Data(_ml, 53));
        _ml.Model.SaveTextClassifier(_pipeline, _folder.File("model.safetensors"));
        _classifier = TextClassifier.Load(_folder.File("model.safetensors"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bark zebra mouse hoot")]
    [InlineData("Purr mouse PURR")]
    [InlineData(Long)]
    public void Explain_Text_GivesThePipelinesColumns(string text)
    {
        var data = _pipeline.Transform(_ml.Data.LoadFromEnumerable([new TinyTexts.Row { Text = text, Label = "dog" }]));
        var classifier = _pipeline.LastTransformer;
        var columns = _ml.Attention().TokenContributions(classifier).Append(_ml.Attention().TokenContributions(classifier, "LeftOut", method: ExplanationMethod.LeaveOneOut)).Fit(data).Transform(data);

        var explanation = _classifier.Explain(text);

        Assert.Equal(_classifier.Predict(text), new TextPrediction(explanation.Label, explanation.Probability));
        Assert.Equal(columns.GetColumn<float[]>("Contributions").Single(), explanation.Tokens.Select(token => token.IntegratedGradients));
        Assert.Equal(columns.GetColumn<float[]>("LeftOut").Single(), explanation.Tokens.Select(token => token.LeaveOneOut));
        Assert.Equal(text.ToLowerInvariant().Split(' '), explanation.Tokens.Select(token => token.Text));
        Assert.Equal(Math.Log(explanation.Probability / (1 - explanation.Probability)), explanation.LogOdds, 1e-4);
        Assert.Equal(explanation.LogOdds - explanation.BaselineLogOdds, explanation.Tokens.Sum(token => (double)token.IntegratedGradients), 5e-3);
    }

    [Fact]
    public void Explain_UnknownWord_IsMarkedAndContributesNothing()
    {
        var token = _classifier.Explain("bark zebra").Tokens[1];

        Assert.Equal(new ExplainedToken("zebra", IsUnknown: true, 0, 0), token);
        Assert.NotEqual(0, _classifier.Explain("bark zebra", options: new() { Baseline = ExplanationBaseline.Zero }).Tokens[1].LeaveOneOut);
    }

    [Fact]
    public void Explain_Label_IsTheOneAskedFor()
    {
        var labels = _classifier.Labels.Select(label => _classifier.Explain("bark mouse", label)).ToArray();

        Assert.Equal(_classifier.Labels, labels.Select(explanation => explanation.Label));
        Assert.Equal(1, labels.Sum(explanation => explanation.Probability), 1e-5f);
        Assert.Contains("no label 'wolf'; its labels are 'dog'".Replace("'dog'", $"'{_classifier.Labels[0]}'", StringComparison.Ordinal), Assert.Throws<ArgumentException>(() => _classifier.Explain("bark", "wolf")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _classifier.Explain("bark", options: new() { Steps = -1 }));
    }

    [Fact]
    public void Explain_NoTwoTokens_HasNoAgreement()
    {
        Assert.Empty(_classifier.Explain("").Tokens);
        Assert.Null(_classifier.Explain("").Agreement);
        Assert.Null(_classifier.Explain("bark").Agreement);
        Assert.InRange(_classifier.Explain("bark mouse hoot").Agreement!.Value, -1, 1);
    }

    [Fact]
    public void Explain_ManyThreads_GivesWhatOneGives()
    {
        string[] texts = [.. TinyTexts.Rows(40, seed: 5).Select(row => row.Text)];
        var alone = texts.Select(text => _classifier.Explain(text)).ToArray();
        var together = new TextExplanation[texts.Length];

        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => together[i] = _classifier.Explain(texts[i]));

        foreach (var (one, many) in alone.Zip(together))
        {
            Assert.Equal(one.Tokens, many.Tokens);
            Assert.Equal((one.Label, one.Agreement, one.LogOdds), (many.Label, many.Agreement, many.LogOdds));
        }
    }

    [Fact]
    public void Explain_TextThatIsCut_IsCounted()
    {
        long before = _classifier.TruncatedTexts;
        Assert.Equal(15, _classifier.Explain(Long).Tokens.Count);
        Assert.Equal(before + 1, _classifier.TruncatedTexts);
    }
}
