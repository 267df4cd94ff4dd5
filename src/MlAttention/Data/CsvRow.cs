namespace MlAttention.Data;

/// <summary>The values of the current row; the reader fills those that its options ask for.</summary>
internal sealed class CsvRow
{
    public string Text { get; set; } = "";

    public string LabelText { get; set; } = "";

    public float LabelNumber { get; set; }

    public bool LabelBoolean { get; set; }

    public float Weight { get; set; }

    public string[] Kept { get; set; } = [];
}
