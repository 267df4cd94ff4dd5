namespace MlAttention.Pipeline.Classification;

/// <summary>The columns of a fitted classifier.</summary>
internal sealed record ClassifierColumnNames(string Tokens, string PredictedLabel, string Score);
