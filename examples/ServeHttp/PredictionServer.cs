using System.Net;
using System.Text.Json;
using MlAttention;

namespace ServeHttp;

/// <summary>A web application with one route: POST /predict takes a text and gives its label with the probability of each label.</summary>
internal static class PredictionServer
{
    /// <summary>Most characters of a text that is taken.</summary>
    public const int MaxTextLength = 100_000;

    private const string DefaultUrl = "http://127.0.0.1:5080";
    private const string Usage = $"usage: ServeHttp --model <model.safetensors> [--urls <a loopback address, by default {DefaultUrl}>]";
    private const string Expected = "The body must be a JSON object with a text: {\"text\": \"...\"}.";

    /// <param name="args">--model, the file that <c>mlattention export</c> writes; --urls, where to listen: loopback addresses, port 0 takes a free one.</param>
    /// <exception cref="ArgumentException">There is no model, or an address is not one of this machine alone.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no text classifier.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        string model = builder.Configuration["model"] ?? throw new ArgumentException(Usage);
        string urls = builder.Configuration["urls"] ?? DefaultUrl;
        foreach (string url in urls.Split(';')) RequireLoopback(url);

        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MlAttention", LogLevel.Information);
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 8L * MaxTextLength);
        builder.Services.AddTextClassifier(model, watch: true);
        var application = builder.Build();
        application.Services.GetRequiredService<ReloadingTextClassifier>();     // a file that does not fit fails now, not at the first request
        application.MapPost("/predict", PredictAsync);
        return application;
    }

    private static async Task<IResult> PredictAsync(HttpRequest request, ReloadingTextClassifier classifier)
    {
        if (!request.HasJsonContentType()) return Problem(HttpStatusCode.UnsupportedMediaType, $"The Content-Type must be application/json; got '{request.ContentType}'.");
        TextRequest? body;
        try
        {
            body = await request.ReadFromJsonAsync<TextRequest>(request.HttpContext.RequestAborted);
        }
        catch (JsonException exception)
        {
            return Problem(HttpStatusCode.BadRequest, $"{Expected} {exception.Message}");
        }
        catch (BadHttpRequestException exception)
        {
            return Problem((HttpStatusCode)exception.StatusCode, exception.Message);
        }

        if (body?.Text is not { } text) return Problem(HttpStatusCode.BadRequest, Expected);
        if (text.Length > MaxTextLength) return Problem(HttpStatusCode.RequestEntityTooLarge, $"The text has {text.Length} characters; at most {MaxTextLength} are taken.");
        return Results.Json(Predict(classifier, text));
    }

    private static TextAnswer Predict(ReloadingTextClassifier hosted, string text)
    {
        var classifier = hosted.Current;       // labels and probabilities of one model, whatever is loaded meanwhile
        var probabilities = new float[classifier.Labels.Count];
        classifier.Predict(text, probabilities);
        var byLabel = classifier.Labels.Zip(probabilities).ToDictionary();
        return new TextAnswer(byLabel.MaxBy(pair => pair.Value).Key, byLabel);
    }

    private static void RequireLoopback(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw new ArgumentException($"'{url}' is not an address such as {DefaultUrl}.");
        if (!address.IsLoopback) throw new ArgumentException($"{url} is not a loopback address; put a proxy with authentication before a public one.");
    }

    private static IResult Problem(HttpStatusCode status, string detail) => Results.Problem(detail, statusCode: (int)status);
}
