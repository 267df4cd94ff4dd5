namespace MlAttention;

/// <summary>How files with a label for each word are read: in CoNLL form, a word a line with an empty line behind each sentence, or as JSON lines.</summary>
public sealed record TokenFileOptions
{
    /// <summary>The form of the files.</summary>
    /// <value>Default <see cref="TokenFileForm.ByExtension"/>.</value>
    public TokenFileForm Form { get; init; } = TokenFileForm.ByExtension;

    /// <summary>CoNLL: the place of the word among a line's fields, from 0.</summary>
    /// <value>0 or more; default 0.</value>
    public int WordField { get; init; }

    /// <summary>CoNLL: the place of the label among a line's fields, from 0; null for the last one.</summary>
    /// <value>0 or more; default null.</value>
    public int? LabelField { get; init; }

    /// <summary>CoNLL: what separates fields; null for any white space.</summary>
    /// <value>Default null.</value>
    public char? Delimiter { get; init; }

    /// <summary>CoNLL: what lines begin with that are left out; null for none.</summary>
    /// <value>Default null: a line may begin with any word, # included.</value>
    public string? CommentPrefix { get; init; }

    /// <summary>JSON lines: the property with the list of words.</summary>
    /// <value>Default "words".</value>
    public string WordsProperty { get; init; } = "words";

    /// <summary>JSON lines: the property with the list of labels.</summary>
    /// <value>Default "labels".</value>
    public string LabelsProperty { get; init; } = "labels";

    /// <summary>Whether files have labels; without, the data view has words alone, to predict with.</summary>
    /// <value>Default true.</value>
    public bool HasLabels { get; init; } = true;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(TokenFileOptions));
        errors.Require(Enum.IsDefined(Form), nameof(Form), Form, "is not a form");
        errors.Require(WordField >= 0, nameof(WordField), WordField, "must be 0 or more");
        errors.Require(LabelField is null or >= 0, nameof(LabelField), LabelField, "must be 0 or more, or null for the last one");
        errors.Require(!HasLabels || LabelField != WordField, nameof(LabelField), LabelField, "must differ from WordField");
        errors.Require(CommentPrefix is not "", nameof(CommentPrefix), "\"\"", "must have a character, or be null");
        errors.Require(!string.IsNullOrEmpty(WordsProperty), nameof(WordsProperty), WordsProperty, "must be a property's name");
        errors.Require(!string.IsNullOrEmpty(LabelsProperty) && LabelsProperty != WordsProperty, nameof(LabelsProperty), LabelsProperty, "must be the name of a property of its own");
        errors.ThrowIfAny();
    }
}

/// <summary>The form of a file with a label for each word.</summary>
public enum TokenFileForm
{
    /// <summary>JSON lines where the file's name ends in .jsonl, .ndjson or .json, otherwise CoNLL.</summary>
    ByExtension,
    /// <summary>A word a line with its fields, an empty line behind each sentence; lines that begin with -DOCSTART- are left out (Tjong Kim Sang and De Meulder 2003).</summary>
    Conll,
    /// <summary>An object a line, with a list of words and a list of labels.</summary>
    JsonLines,
}
