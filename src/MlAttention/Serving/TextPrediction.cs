namespace MlAttention.Serving;

/// <summary>What a text is.</summary>
/// <param name="Label">The most probable label.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
public readonly record struct TextPrediction(string Label, float Probability);
