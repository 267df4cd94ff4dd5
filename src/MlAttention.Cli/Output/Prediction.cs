namespace MlAttention.Cli.Output;

/// <summary>A label with its probability.</summary>
/// <param name="Label">The label.</param>
/// <param name="Probability">From 0 to 1.</param>
internal readonly record struct LabelProbability(string Label, float Probability);

/// <summary>What is said of a text, whatever the form in which it is written.</summary>
internal sealed record Prediction
{
    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>The most probable label, or the one that stands for "unsure".</summary>
    public required string Label { get; init; }

    /// <summary>The most probable labels, as many as were asked for, the best one first.</summary>
    public required IReadOnlyList<LabelProbability> Best { get; init; }

    /// <summary>The probability of each of the model's labels; empty unless asked for.</summary>
    public required IReadOnlyList<LabelProbability> All { get; init; }

    /// <summary>The kept columns' values.</summary>
    public required IReadOnlyList<string> Kept { get; init; }

    /// <summary>What makes the prediction worth less than its probability; empty when nothing does.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
