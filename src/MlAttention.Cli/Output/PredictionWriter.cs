using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Cli.Commands;

namespace MlAttention.Cli.Output;

/// <summary>Writes predictions one by one as they are scored, so that any number of rows needs the same memory.</summary>
internal sealed class PredictionWriter : IDisposable
{
    private readonly Action<string, string, float> _write;
    private readonly Action _complete;
    private readonly Action _dispose;

    private PredictionWriter(Action<string, string, float> write, Action? complete = null, Action? dispose = null) =>
        (_write, _complete, _dispose) = (write, complete ?? (() => { }), dispose ?? (() => { }));

    /// <summary>Label, probability and text, separated by tabs, a line each; line breaks and tabs in the text become spaces.</summary>
    public static PredictionWriter ToLines(TextWriter output) => new((text, label, probability) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label}\t{probability:0.0000}\t{text.ReplaceLineEndings(" ").Replace('\t', ' ')}")));

    /// <summary>A line of JSON each.</summary>
    public static PredictionWriter ToJson(TextWriter output) => new((text, label, probability) =>
        output.WriteLine(JsonSerializer.Serialize(new { text, label, probability })));

    /// <summary>A CSV file, which appears when it is complete.</summary>
    public static PredictionWriter ToCsv(string path)
    {
        string unfinished = path + ".tmp";
        var csv = new CsvWriter(new StreamWriter(unfinished), CultureInfo.InvariantCulture);
        foreach (string name in (string[])["Text", "PredictedLabel", "Probability"]) csv.WriteField(name);
        csv.NextRecord();
        return new(Write, Complete, Discard);

        void Write(string text, string label, float probability)
        {
            csv.WriteField(text);
            csv.WriteField(label);
            csv.WriteField(probability);
            csv.NextRecord();
        }

        void Complete()
        {
            csv.Dispose();
            File.Move(unfinished, path, overwrite: true);
        }

        void Discard()
        {
            csv.Dispose();
            File.Delete(unfinished);
        }
    }

    /// <summary>Writes all rows.</summary>
    /// <returns>Their number.</returns>
    public long WriteAll(IDataView scored, CancellationToken cancellation)
    {
        DataViewSchema.Column text = scored.Schema["Text"], label = scored.Schema[SavedModel.PredictedText], score = scored.Schema["Score"];
        using var cursor = scored.GetRowCursor([text, label, score]);
        var (getText, getLabel, getScore) = (cursor.GetGetter<ReadOnlyMemory<char>>(text), cursor.GetGetter<ReadOnlyMemory<char>>(label), cursor.GetGetter<VBuffer<float>>(score));
        ReadOnlyMemory<char> textValue = default, labelValue = default;
        VBuffer<float> scores = default;
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            cancellation.ThrowIfCancellationRequested();
            getText(ref textValue);
            getLabel(ref labelValue);
            getScore(ref scores);
            _write(textValue.ToString(), labelValue.ToString(), scores.DenseValues().Max());
        }
        _complete();
        return rows;
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose() => _dispose();
}
