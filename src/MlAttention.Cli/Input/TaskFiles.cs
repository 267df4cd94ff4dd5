namespace MlAttention.Cli.Input;

/// <summary>The rows of other tasks than one label: of CSV files with Text and Label, or of files with a label for each word with Words and Label.</summary>
internal static class TaskFiles
{
    /// <summary>The column with the words of a text.</summary>
    public const string Words = nameof(Words);

    /// <summary>Opens files.</summary>
    /// <param name="task">What the model is asked for.</param>
    /// <param name="labelled">Whether the rows have labels.</param>
    /// <exception cref="InputException">A file is missing or cannot be read; the message names the place.</exception>
    public static IDataView Open(MLContext context, ParseResult parsed, CsvInput input, CsvSettings settings, string[] files, TaskKind task, bool labelled)
    {
        if (task != TaskKind.TokenLabels) return input.Open(context, parsed, settings, files, labelled);
        string[] paths = [.. files.SelectMany(CsvFiles.Expand)];
        CsvFiles.RequireDifferent(paths);
        try
        {
            return context.Attention().LoadTokenLabels(new TokenFileOptions { HasLabels = labelled }, paths);
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException)
        {
            throw new InputException($"{error.Message} With --task tokenLabels a file has a word and its label on each line, white space between them and an empty line behind each sentence, or is JSON lines.", error);
        }
    }

    /// <summary>Scores rows without labels. A model with keys for labels maps a label too, so another column stands for it; nothing reads the result.</summary>
    public static IDataView Score(MLContext context, ITransformer model, IDataView rows, TaskKind task) => task switch
    {
        TaskKind.MultiLabel => model.Transform(context.Transforms.Text.TokenizeIntoWords("Label", "Text").Fit(rows).Transform(rows)),
        TaskKind.TokenLabels => model.Transform(context.Transforms.CopyColumns("Label", Words).Fit(rows).Transform(rows)),
        _ => model.Transform(rows),
    };

    /// <summary>Texts as rows of words, parted at white space.</summary>
    public static IDataView WordsOf(MLContext context, IDataView texts) => context.Transforms.Text.TokenizeIntoWords(Words, "Text").Fit(texts).Transform(texts);
}
