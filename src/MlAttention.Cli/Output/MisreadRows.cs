using System.Globalization;
using System.Text;
using CsvHelper;
using MlAttention.Cli.Commands;

namespace MlAttention.Cli.Output;

/// <summary>A CSV file of the rows that a classifier gets wrong, with the probability of each label.</summary>
internal sealed class MisreadRows : IDisposable
{
    private readonly CsvWriter _csv;

    /// <summary>Begins the file.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="labels">The model's labels.</param>
    public MisreadRows(string path, IReadOnlyList<string> labels)
    {
        _csv = new(new StreamWriter(path, append: false, new UTF8Encoding(false)), CultureInfo.InvariantCulture);
        foreach (string column in (string[])["Text", "Label", "PredictedLabel", "Probability", .. labels.Select(label => $"Probability.{label}")]) _csv.WriteField(column);
        _csv.NextRecord();
    }

    /// <summary>Writes the row that was read last.</summary>
    /// <param name="texts">The rows.</param>
    /// <param name="label">The number of its label.</param>
    /// <param name="prediction">The number of the most probable label.</param>
    public void Write(ScoredTexts texts, int label, int prediction)
    {
        foreach (string field in (string[])[texts.Text, texts.Labels[label], texts.Labels[prediction]]) _csv.WriteField(field);
        _csv.WriteField(texts.Probabilities[prediction]);
        foreach (float probability in texts.Probabilities) _csv.WriteField(probability);
        _csv.NextRecord();
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();
}
