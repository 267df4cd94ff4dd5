using ServeHttp;

// Serves a model over HTTP on this machine only.
// usage: ServeHttp <model.zip> [url]; then: curl -d '{"text":"..."}' -H 'Content-Type: application/json' http://127.0.0.1:5080/predict
if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: ServeHttp <model.zip> [url, by default http://127.0.0.1:5080]");
    return 2;
}

try
{
    await using var server = PredictionServer.Create(args[0], args.Length > 1 ? args[1] : "http://127.0.0.1:5080");
    await server.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
