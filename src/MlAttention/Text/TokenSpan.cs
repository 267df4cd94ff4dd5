namespace MlAttention.Text;

/// <summary>Where a token stands in its text.</summary>
/// <param name="Start">Index of the first character.</param>
/// <param name="Length">Number of characters (UTF-16 units).</param>
internal readonly record struct TokenSpan(int Start, int Length);
