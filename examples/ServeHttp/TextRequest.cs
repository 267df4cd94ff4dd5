namespace ServeHttp;

/// <summary>The body of a request.</summary>
/// <param name="Text">The text to classify.</param>
internal sealed record TextRequest(string? Text);
