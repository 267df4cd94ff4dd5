namespace MlAttention;

/// <summary>Of texts of several columns, such as questions and answers, the parts whose order an ablation takes away. Words never leave their part, and the separator stays.</summary>
public enum OrderedParts
{
    /// <summary>Every part.</summary>
    All,
    /// <summary>The first part alone.</summary>
    First,
    /// <summary>The second part alone.</summary>
    Second,
}
