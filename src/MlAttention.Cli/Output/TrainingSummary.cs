using Microsoft.ML;
using MlAttention.Cli.Commands;
using MlAttention.Data;
using MlAttention.Pipeline.Rows;
using MlAttention.Reporting;

namespace MlAttention.Cli.Output;

/// <summary>What train read, told before training begins.</summary>
internal sealed record TrainingSummary
{
    private const int MostClassesShown = 10;

    /// <summary>The files, in the order of their rows.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Rows with a label.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows without one, which are left out.</summary>
    public required int UnlabelledRows { get; init; }

    /// <summary>Rows of each label, most first.</summary>
    public required IReadOnlyList<KeyValuePair<string, int>> Classes { get; init; }

    /// <summary>Different words of all texts.</summary>
    public required int Words { get; init; }

    /// <summary>Words of the longest text.</summary>
    public required int LongestText { get; init; }

    /// <summary>Different values of the column whose equal values stay together when rows are held out; null when every row stands alone.</summary>
    public required int? Groups { get; init; }

    /// <summary>Reads the rows once.</summary>
    /// <param name="pipeline">Has the rows as keys.</param>
    /// <param name="files">Where they came from.</param>
    /// <param name="group">The column of groups; null for none.</param>
    public static TrainingSummary Of(TrainingPipeline pipeline, IReadOnlyList<string> files, string? group)
    {
        var labels = pipeline.Labels;
        int[] counts = new int[labels.Count];
        var groups = new HashSet<string>(StringComparer.Ordinal);
        int unlabelled = 0, longest = 0;
        var schema = pipeline.Training.Schema;
        DataViewSchema.Column label = schema[TrainingPipeline.Label], tokens = schema[TrainingPipeline.Tokens];
        DataViewSchema.Column? groupColumn = group is null ? null : schema[group];
        using var cursor = pipeline.Training.GetRowCursor(new[] { label, tokens, groupColumn }.OfType<DataViewSchema.Column>());
        var readLabel = KeyReader.Scalar(cursor, label);
        var readTokens = KeyReader.Vector(cursor, tokens);
        var readGroup = groupColumn is { } column ? cursor.GetGetter<ReadOnlyMemory<char>>(column) : null;
        ReadOnlyMemory<char> name = default;
        while (cursor.ReadNext())
        {
            int key = readLabel();
            if (key == 0)
            {
                unlabelled++;
                continue;
            }
            counts[key - 1]++;
            longest = Math.Max(longest, readTokens().Length);
            if (readGroup is null) continue;
            readGroup(ref name);
            groups.Add(name.ToString());
        }
        return new()
        {
            Files = files,
            Rows = counts.Sum(),
            UnlabelledRows = unlabelled,
            Classes = [.. labels.Zip(counts, KeyValuePair.Create).OrderByDescending(found => found.Value)],
            Words = pipeline.Words,
            LongestText = longest,
            Groups = group is null ? null : groups.Count,
        };
    }

    /// <summary>The summary for people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"Read {(Files.Count == 1 ? Files[0] : $"{Files.Count} files")}: {Many(Rows, "row")}, {Classes.Count} classes, {Many(Words, "different word")}, at most {Many(LongestText, "word")} in a text.";
        string others = Classes.Count > MostClassesShown ? $" and {Classes.Count - MostClassesShown} more, down to {Classes[^1].Key} {ReportText.Count(Classes[^1].Value)}" : "";
        yield return $"Rows a class: {string.Join(", ", Classes.Take(MostClassesShown).Select(found => $"{found.Key} {ReportText.Count(found.Value)}"))}{others}.";
    }

    private static string Many(int count, string noun) => $"{ReportText.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
