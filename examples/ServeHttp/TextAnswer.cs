namespace ServeHttp;

/// <summary>The answer to a text.</summary>
/// <param name="Label">The most probable label.</param>
/// <param name="Probabilities">The probability of each label.</param>
internal sealed record TextAnswer(string Label, IReadOnlyDictionary<string, float> Probabilities);
