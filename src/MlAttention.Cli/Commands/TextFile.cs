using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Ablation;
using MlAttention.Ablation.Runs;
using MlAttention.Data;
using MlAttention.Training;

namespace MlAttention.Cli.Commands;

/// <summary>The labelled texts of one CSV file, with their groups if it has a column for them.</summary>
internal sealed class TextFile
{
    private const string DefaultGroupColumn = "Group", NoGroups = "none";
    private readonly TextRow[] _rows;
    private readonly MLContext _context;

    private TextFile(MLContext context, TextRow[] rows, bool grouped) => (_context, _rows, IsGrouped) = (context, rows, grouped);

    /// <summary>Whether the rows have groups.</summary>
    public bool IsGrouped { get; }

    /// <summary>All rows.</summary>
    public IDataView All => _context.Data.LoadFromEnumerable(_rows);

    /// <summary>Reads a whole file, so that every error in it comes before anything is written.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="path">The file.</param>
    /// <param name="text">Column of the texts.</param>
    /// <param name="label">Column of the labels.</param>
    /// <param name="group">Column of the groups; null takes "Group" if the file has it, "none" takes none.</param>
    /// <exception cref="CsvDataException">The file cannot be read; the message names the place.</exception>
    public static TextFile Read(MLContext context, string path, string text, string label, string? group)
    {
        CommonOptions.RequireExists(path);
        var data = context.Attention().LoadCsv(path, text, label);
        string[] texts = [.. data.GetColumn<string>("Text")], labels = [.. data.GetColumn<string>("Label")];
        string[]? groups = group == NoGroups ? null : Groups(context, path, group);
        return new(context, [.. texts.Select((value, row) => new TextRow { Text = value, Label = labels[row], Group = groups?[row] ?? "" })], groups is not null);
    }

    /// <summary>Training and test rows as the plan divides them.</summary>
    public (IDataView Train, IDataView Test) Split(AblationPlan plan)
    {
        string[] labels = [.. _rows.Select(row => row.Label)];
        var (train, test) = IsGrouped ? GroupedSplit.Of(GroupNumbers(), plan.TestFraction, plan.SplitSeed) : StratifiedSplit.Of(labels, plan.TestFraction, plan.SplitSeed);
        if (train.Length == 0 || test.Length == 0) throw new InputException($"{_rows.Length} rows are too few for a test share of {plan.TestFraction.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");
        return (Part(train), Part(test));

        IDataView Part(int[] rows) => _context.Data.LoadFromEnumerable(rows.Select(row => _rows[row]).ToArray());
    }

    private int[] GroupNumbers()
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. _rows.Select(row => numbers.TryAdd(row.Group, numbers.Count) ? numbers.Count - 1 : numbers[row.Group])];
    }

    private static string[]? Groups(MLContext context, string path, string? column)
    {
        try
        {
            var options = new CsvOptions { TextColumns = [column ?? DefaultGroupColumn], TextColumnName = DefaultGroupColumn, LabelColumn = null };
            return [.. context.Attention().LoadCsv(options, path).GetColumn<string>(DefaultGroupColumn)];
        }
        catch (CsvDataException) when (column is null)
        {
            return null; // no column of that name, and none was asked for
        }
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public string Group { get; set; } = "";
    }
}
