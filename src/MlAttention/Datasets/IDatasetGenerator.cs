namespace MlAttention.Datasets;

/// <summary>Makes one of the example data sets, row by row. The same row count and seed always give the same bytes.</summary>
public interface IDatasetGenerator
{
    /// <summary>The name on the command line, for example "word-order".</summary>
    string Name { get; }

    /// <summary>One sentence: what the data set shows.</summary>
    string Description { get; }

    /// <summary>The header.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Rows made when no number is given.</summary>
    int DefaultRows { get; }

    /// <summary>The line break between records: "\n", or "\r\n" where the data set is about such files.</summary>
    string NewLine { get; }

    /// <summary>Makes the rows, each with one field a column.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="seed">Chooses the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The generator cannot make this number of rows; the message says which it can.</exception>
    IReadOnlyList<IReadOnlyList<string>> Generate(int rows, int seed);
}
