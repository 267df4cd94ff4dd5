using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using MlAttention.Pipeline;

namespace MlAttention.Cli.Commands;

/// <summary>The model file that train writes and evaluate, predict and inspect read: from Text and Label to PredictedText and Score.</summary>
internal static class SavedModel
{
    /// <summary>Column with the predicted label as a text.</summary>
    public const string PredictedText = nameof(PredictedText);

    private const string SettingsEntry = "mlattention.json";
    private const int LongestSettings = 1 << 20; // bytes

    /// <summary>The model argument of a command.</summary>
    public static Argument<string> Argument() => new("model") { Description = "A model file that train wrote." };

    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="model">The model.</param>
    /// <param name="schema">The schema of its input.</param>
    /// <param name="settings">How its training files were read; an entry of the zip beside those of ML.NET keeps it.</param>
    /// <param name="path">The file.</param>
    public static void Save(MLContext context, ITransformer model, DataViewSchema schema, CsvSettings settings, string path) =>
        OutputFile.Write(path, file =>
        {
            context.Model.Save(model, schema, file);
            using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
            using var entry = zip.CreateEntry(SettingsEntry).Open();
            JsonSerializer.Serialize(entry, settings);
        });

    /// <summary>Loads a model.</summary>
    /// <exception cref="InputException">The file does not exist.</exception>
    public static ITransformer Load(MLContext context, string path)
    {
        CommonOptions.RequireExists(path);
        return context.Model.LoadAttention(path, out _);
    }

    /// <summary>How the files that a model was trained on were read; null for a model that train did not write.</summary>
    /// <exception cref="InputException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static CsvSettings? SettingsOf(string path)
    {
        CommonOptions.RequireExists(path);
        using var zip = ZipFile.OpenRead(path);
        if (zip.GetEntry(SettingsEntry) is not { Length: <= LongestSettings } found) return null;
        using var entry = found.Open();
        try
        {
            return JsonSerializer.Deserialize<CsvSettings>(entry);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: the entry {SettingsEntry} is damaged: {error.Message}", error);
        }
    }

    /// <summary>Scores texts that have no label. The model maps a label too, so another column stands for it; nothing reads the result.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="model">The model.</param>
    /// <param name="texts">Rows with the column Text.</param>
    public static IDataView Score(MLContext context, ITransformer model, IDataView texts) =>
        model.Transform(context.Transforms.CopyColumns("Label", "Text").Fit(texts).Transform(texts));

    /// <summary>The given texts as rows.</summary>
    public static IDataView Rows(MLContext context, IEnumerable<string> texts) => context.Data.LoadFromEnumerable(texts.Select(text => new TextRow { Text = text }).ToArray());

    /// <summary>The classifier in a pipeline's model.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static AttentionClassifierTransformer ClassifierOf(ITransformer model) =>
        (model as IEnumerable<ITransformer>)?.OfType<AttentionClassifierTransformer>().FirstOrDefault() ?? throw new InputException("The model holds no attention classifier.");

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }
}
