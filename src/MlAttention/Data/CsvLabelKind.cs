namespace MlAttention.Data;

/// <summary>How the label's column is read.</summary>
public enum CsvLabelKind
{
    /// <summary>As text; an empty cell is a missing label.</summary>
    Text,
    /// <summary>As a number (Single) of the options' culture; an empty cell is NaN, a missing label.</summary>
    Number,
    /// <summary>As a Boolean: true/false, yes/no or 1/0 in any case; an empty cell is an error, because a Boolean cannot be missing.</summary>
    Boolean,
}
