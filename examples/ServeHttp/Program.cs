using ServeHttp;

// Serves a text classifier over HTTP on this machine only, and takes the new one when its file changes.
//   mlattention export model.zip -o model.safetensors
//   dotnet run --project examples/ServeHttp -- --model model.safetensors
//   curl -d '{"text":"..."}' -H 'Content-Type: application/json' http://127.0.0.1:5080/predict
try
{
    await using var server = PredictionServer.Create(args);
    await server.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is IOException or InvalidDataException or NotSupportedException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
