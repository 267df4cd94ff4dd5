namespace MlAttention.Weights;

/// <summary>What a row of a weight stands for: a token or a label, or one of the embedding's special rows, which no text equals.</summary>
internal readonly record struct RowName(string Text, bool IsSpecial = false)
{
    /// <summary>Row 0 of the embedding.</summary>
    public static RowName Padding { get; } = new("padding", IsSpecial: true);

    /// <summary>The row of any token that is not in the vocabulary.</summary>
    public static RowName Unknown { get; } = new("unknown", IsSpecial: true);

    /// <summary>The row of the token before the text, where the pooling reads it.</summary>
    public static RowName Cls { get; } = new("CLS", IsSpecial: true);
}
