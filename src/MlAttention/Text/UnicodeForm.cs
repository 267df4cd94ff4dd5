namespace MlAttention.Text;

/// <summary>How different spellings of the same text become one.</summary>
public enum UnicodeForm
{
    /// <summary>Text stays as it is.</summary>
    AsIs,
    /// <summary>Form C: a letter and its combining accent become one character; a curly apostrophe becomes a straight one.</summary>
    Composed,
    /// <summary>Form KC: besides, compatibility characters (full-width letters, ligatures) become their plain forms.</summary>
    Compatible,
}
