using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Hosting;
using ServeHttp;

namespace MlAttention.Tests.Pipeline;

public sealed class ServeHttpTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    private sealed record Answer(string Label, Dictionary<string, float> Probabilities);

    private sealed record Problem(string Detail);

    private string ModelPath => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    /// <summary>Models end in a label that is a text, or in a key as those of the command line.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_ParallelRequests_GiveTheScoresOfTransform(bool labelIsText)
    {
        var data = TinyTexts.Data(_ml, 97);
        var model = TinyTexts.Pipeline(_ml).Fit(data);
        var toKeys = new TransformerChain<ITransformer>([.. ((IEnumerable<ITransformer>)model).SkipLast(1)]);
        _ml.Model.SaveTextClassifier(labelIsText ? model : toKeys, ModelPath);
        var rows = TinyTexts.Rows(97);
        var expected = _ml.Data.CreateEnumerable<TinyTexts.Prediction>(model.Transform(data), reuseRowObject: false).ToArray();
        await using var server = Serve();
        using var client = server.CreateClient();

        var answers = await Task.WhenAll(rows.Select(row => AnswerAsync(client, row.Text)));

        for (var row = 0; row < rows.Length; row++)
        {
            Assert.Equal(expected[row].PredictedLabel, answers[row].Label);
            Assert.Equal(TinyTexts.Labels.Order(), answers[row].Probabilities.Keys.Order());
            Assert.Equal(expected[row].Score.Max(), answers[row].Probabilities[answers[row].Label], 1e-4f);
        }
    }

    [Fact]
    public async Task Predict_FileReplaced_AnswersWithTheNewModel()
    {
        var first = ClassifierFiles.Write(ModelPath, seed: 1);
        await using var server = Serve();
        using var client = server.CreateClient();
        var before = await AnswerAsync(client, ClassifierFiles.Sentence);

        var second = ClassifierFiles.Write(ModelPath, seed: 2, "yes", "no");
        _time.Advance(2);
        var after = await AnswerAsync(client, ClassifierFiles.Sentence);
        File.WriteAllText(ModelPath, "no model");
        _time.Advance(2);
        var damaged = await AnswerAsync(client, ClassifierFiles.Sentence);

        Assert.Equal((first.Label, first.Probability), (before.Label, before.Probabilities[before.Label]));
        Assert.Equal((second.Label, second.Probability), (after.Label, after.Probabilities[after.Label]));
        Assert.Equal(["no", "yes"], after.Probabilities.Keys.Order());
        Assert.Equal(after.Probabilities, damaged.Probabilities);
    }

    [Fact]
    public async Task Predict_BadRequest_SaysWhatIsWrong()
    {
        ClassifierFiles.Write(ModelPath, seed: 1);
        await using var server = Serve();
        using var client = server.CreateClient();

        await FailsAsync(JsonContent.Create(new { Other = 1 }), HttpStatusCode.BadRequest, "The body must be a JSON object with a text: {\"text\": \"...\"}.");
        await FailsAsync(new StringContent("null", null, "application/json"), HttpStatusCode.BadRequest, "must be a JSON object with a text");
        await FailsAsync(new StringContent("no json", null, "application/json"), HttpStatusCode.BadRequest, "LineNumber: 0 | BytePositionInLine: 1");
        await FailsAsync(new StringContent("hoot"), HttpStatusCode.UnsupportedMediaType, "must be application/json; got 'text/plain; charset=utf-8'");
        await FailsAsync(JsonContent.Create(new { Text = new string('x', 100_001) }), HttpStatusCode.RequestEntityTooLarge, "The text has 100001 characters; at most 100000 are taken.");

        async Task FailsAsync(HttpContent content, HttpStatusCode status, string because)
        {
            var response = await client.PostAsync("/predict", content);
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(because, (await response.Content.ReadFromJsonAsync<Problem>())!.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_ModelOfAPipeline_NamesExportBeforeServing()
    {
        var data = TinyTexts.Data(_ml, 5);
        _ml.Model.Save(_ml.Attention().TokenizeSequence("Tokens", "Text").Fit(data), data.Schema, ModelPath);

        Assert.Contains("mlattention export model.zip -o model.safetensors", Refused<InvalidDataException>("--model", ModelPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MissingFile_SaysSoBeforeServing() =>
        Assert.Contains($"{ModelPath}: there is no such file", Refused<FileNotFoundException>("--model", ModelPath), StringComparison.Ordinal);

    [Fact]
    public void Create_NoModel_GivesTheUsage() =>
        Assert.StartsWith("usage: ServeHttp --model <model.safetensors>", Refused<ArgumentException>("model.safetensors"), StringComparison.Ordinal);

    [Theory]
    [InlineData("nonsense", "'nonsense' is not an address")]
    [InlineData("http://0.0.0.0:80", "http://0.0.0.0:80 is not a loopback address")]
    [InlineData("http://127.0.0.1:0;http://example.org", "http://example.org is not a loopback address")]
    public void Create_OtherThanThisMachinesAddress_IsRefused(string urls, string because) =>
        Assert.StartsWith(because, Refused<ArgumentException>("--model", "model.safetensors", "--urls", urls), StringComparison.Ordinal);

    private Server Serve() => new(ModelPath, _time);

    private static async Task<Answer> AnswerAsync(HttpClient client, string text)
    {
        var response = await client.PostAsJsonAsync("/predict", new { Text = text });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Answer>())!;
    }

    private static string Refused<TException>(params string[] args) where TException : Exception => Assert.Throws<TException>(() => PredictionServer.Create(args)).Message;

    /// <summary>The program as it is, on a clock that the test moves.</summary>
    private sealed class Server(string model, TimeProvider time) : WebApplicationFactory<TextAnswer>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) =>
            builder.UseSetting("model", model).ConfigureServices(services => services.AddSingleton(time));
    }
}
