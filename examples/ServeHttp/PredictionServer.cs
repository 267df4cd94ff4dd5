using System.Net;
using Microsoft.ML;

namespace ServeHttp;

/// <summary>A web application with one route: POST /predict takes a text and gives its label with the probability of each label.</summary>
internal static class PredictionServer
{
    /// <summary>Most characters of a text that is taken.</summary>
    public const int MaxTextLength = 100_000;

    /// <param name="modelPath">A model saved with <c>mlContext.Model.Save</c>, from texts to Score.</param>
    /// <param name="url">Where to listen: a loopback address; port 0 takes a free one.</param>
    public static WebApplication Create(string modelPath, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw new ArgumentException($"'{url}' is not an address such as http://127.0.0.1:5080.", nameof(url));
        if (!address.IsLoopback) throw new ArgumentException($"{url} is not a loopback address; put a proxy with authentication before a public one.", nameof(url));

        var ml = new MLContext();
        var predictor = new TextPredictor(ml, ml.Model.LoadAttention(modelPath, out var inputSchema), inputSchema);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 8L * MaxTextLength);
        var application = builder.Build();
        application.MapPost("/predict", (TextRequest request) => Predict(predictor, request));
        return application;
    }

    private static IResult Predict(TextPredictor predictor, TextRequest request)
    {
        if (request.Text is null) return Results.Problem("The body must be a JSON object with a text: {\"text\": \"...\"}.", statusCode: (int)HttpStatusCode.BadRequest);
        if (request.Text.Length > MaxTextLength) return Results.Problem($"The text has more than {MaxTextLength} characters.", statusCode: (int)HttpStatusCode.RequestEntityTooLarge);
        return Results.Json(predictor.Predict(request.Text));
    }
}
