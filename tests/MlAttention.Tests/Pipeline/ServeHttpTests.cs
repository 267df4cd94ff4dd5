using System.Net;
using System.Net.Http.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ServeHttp;

namespace MlAttention.Tests.Pipeline;

public sealed class ServeHttpTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlattention-").FullName;

    private sealed record Answer(string Label, Dictionary<string, float> Probabilities);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Models end in a label that is a text, or in a key as those of the command line.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_ParallelRequests_GiveTheScoresOfTransform(bool labelIsText)
    {
        var path = Path.Combine(_folder, "model.zip");
        var data = TinyTexts.Data(_ml, 97);
        var model = TinyTexts.Pipeline(_ml).Fit(data);
        var toKeys = new TransformerChain<ITransformer>([.. ((IEnumerable<ITransformer>)model).SkipLast(1)]);
        _ml.Model.Save(labelIsText ? model : toKeys, data.Schema, path);
        var rows = TinyTexts.Rows(97);
        var expected = _ml.Data.CreateEnumerable<TinyTexts.Prediction>(model.Transform(data), reuseRowObject: false).ToArray();
        await using var server = PredictionServer.Create(path, "http://127.0.0.1:0");
        await server.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };

        var answers = await Task.WhenAll(rows.Select(async row =>
        {
            var response = await client.PostAsJsonAsync("/predict", new { row.Text });
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<Answer>();
        }));

        for (var row = 0; row < rows.Length; row++)
        {
            Assert.Equal(expected[row].PredictedLabel, answers[row]!.Label);
            Assert.Equal(expected[row].Score.Max(), answers[row]!.Probabilities[answers[row]!.Label], 1e-4f);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/predict", new { Other = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/predict", new StringContent("no json", null, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsJsonAsync("/predict", new { Text = new string('x', PredictionServer.MaxTextLength + 1) })).StatusCode);
        await server.StopAsync();
    }

    [Fact]
    public void Create_ModelThatGivesNoLabels_SaysSoBeforeServing()
    {
        var path = Path.Combine(_folder, "tokens.zip");
        var data = TinyTexts.Data(_ml, 5);
        _ml.Model.Save(_ml.Attention().TokenizeSequence("Tokens", "Text").Fit(data), data.Schema, path);

        Assert.Contains("must have a column Score with a name for each label", Assert.Throws<ArgumentException>(() => PredictionServer.Create(path, "http://127.0.0.1:0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoAddress_IsRefused() =>
        Assert.Contains("'nonsense' is not an address", Assert.Throws<ArgumentException>(() => PredictionServer.Create("model.zip", "nonsense")).Message, StringComparison.Ordinal);

    [Fact]
    public void Create_PublicAddress_IsRefused() =>
        Assert.Contains("not a loopback address", Assert.Throws<ArgumentException>(() => PredictionServer.Create("model.zip", "http://0.0.0.0:80")).Message, StringComparison.Ordinal);
}
