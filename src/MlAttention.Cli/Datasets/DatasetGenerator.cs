using CsvHelper;
using CsvHelper.Configuration;

namespace MlAttention.Cli.Datasets;

/// <summary>Makes one of the example data sets, row by row. The same row count and seed always give the same bytes.</summary>
/// <param name="name">The name on the command line, for example "word-order".</param>
/// <param name="description">One sentence: what the data set shows.</param>
/// <param name="defaultRows">Rows made when no number is given.</param>
internal abstract class DatasetGenerator(string name, string description, IReadOnlyList<string> columns, int defaultRows)
{
    /// <summary>All generators, in the order in which help lists them.</summary>
    public static IReadOnlyList<DatasetGenerator> All { get; } =
        [new WordOrderDataset(), new KeywordTopicsDataset(), new NegationScopeDataset(), new ParityDataset(), new MessyDataset()];

    /// <summary>The name on the command line.</summary>
    public string Name => name;

    /// <summary>One sentence: what the data set shows.</summary>
    public string Description => description;

    /// <summary>Rows made when no number is given.</summary>
    public int DefaultRows => defaultRows;

    /// <summary>The line break between records: "\n", or "\r\n" where the data set is about such files.</summary>
    protected virtual string NewLine => "\n";

    /// <summary>Finds a generator by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists the names.</exception>
    public static DatasetGenerator Find(string name) =>
        All.FirstOrDefault(generator => generator.Name == name)
        ?? throw new ArgumentException($"There is no data set '{name}'. There are: {string.Join(", ", All.Select(generator => generator.Name))}.");

    /// <summary>Makes the rows, each with one field a column.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="seed">Chooses the rows and their order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The generator cannot make this number of rows; the message says which it can.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Generate(int rows, int seed)
    {
        if (WhyNot(rows) is { } reason) throw new ArgumentOutOfRangeException(nameof(rows), reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var random = Xoshiro256.For(seed, Name);
        string[][] made = [.. Rows(random).Take(rows)];
        if (IsShuffled(rows)) random.Shuffle(made.AsSpan());
        return made;
    }

    /// <summary>Rows without end, of which the first are taken.</summary>
    protected abstract IEnumerable<string[]> Rows(Xoshiro256 random);

    /// <summary>Why a generator that makes whole blocks of rows cannot make this number; null when it can.</summary>
    protected virtual string? WhyNot(int rows) => null;

    /// <summary>Whether the rows are then put into a random order.</summary>
    protected virtual bool IsShuffled(int rows) => true;

    /// <summary>The data set as CSV (RFC 4180).</summary>
    /// <inheritdoc cref="Generate"/>
    public string ToCsv(int rows, int seed)
    {
        using var text = new StringWriter();
        using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = NewLine,
            ShouldQuote = field => field.Field.AsSpan().ContainsAny("\",\r\n"), // and not for blanks at its ends, as CsvHelper would
        });
        foreach (var row in Generate(rows, seed).Prepend(columns))
        {
            foreach (string field in row) csv.WriteField(field);
            csv.NextRecord();
        }
        csv.Flush();
        return text.ToString();
    }
}

/// <summary>The words of a text without their order: what a model without positions can see.</summary>
internal static class WordBag
{
    private static readonly char[] s_separators = [' ', ',', '.', ';', ':', '!', '?', '\n'];

    /// <summary>The lower-case words, sorted and joined; equal for two texts exactly if they are anagrams word by word.</summary>
    public static string Of(string text) => string.Join(' ', text.ToLowerInvariant().Split(s_separators, StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
}

/// <summary>Random choices from lists.</summary>
internal static class RandomChoice
{
    /// <summary>One of the items, each equally likely.</summary>
    public static T Pick<T>(this Xoshiro256 random, IReadOnlyList<T> items) => items[random.NextInt(items.Count)];
}
