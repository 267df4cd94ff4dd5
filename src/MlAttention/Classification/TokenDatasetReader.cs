namespace MlAttention.Classification;

/// <summary>Reads the sequences, labels, weights and groups of a data view once, into memory.</summary>
internal static class TokenDatasetReader
{
    /// <summary>The rows; those with a missing label are left out and counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a weight is negative or not finite.</exception>
    public static TokenDataset Read(IDataView data, AttentionClassifierOptions options)
    {
        var inputs = ClassifierInputs.Of(options);
        var tokens = inputs.Tokens.Check(data.Schema);
        var label = inputs.Label.Check(data.Schema);
        var weight = inputs.ExampleWeight?.Check(data.Schema);
        var samplingKey = inputs.SamplingKey?.Check(data.Schema);
        var wordStarts = inputs.WordStarts?.Check(data.Schema);
        var settings = ClassifierSettings.Of(options);
        var output = ClassifierOutput.Of(options.Task, settings);
        var builder = new TokenDatasetBuilder(tokens.KeyCount(), output.Classes(label), options.MaxTextTokens, options.Truncation, options.KeepBoundaries, options.Task, options.SeparatorKey);

        using var cursor = data.GetRowCursor(new[] { tokens, label, weight, samplingKey, wordStarts }.OfType<DataViewSchema.Column>());
        var readTokens = KeyReader.Vector(cursor, tokens);
        var target = output.Reader(cursor, label, settings);
        var readWeight = weight is { } weightColumn ? cursor.GetGetter<float>(weightColumn) : null;
        var readGroup = samplingKey is { } keyColumn ? GroupReader.Create(cursor, keyColumn) : null;
        var rowWeight = 1f;
        while (cursor.ReadNext())
        {
            readWeight?.Invoke(ref rowWeight);
            if (!target.Add(builder, readTokens(), rowWeight, readGroup?.Invoke())) builder.SkippedRows++;
        }

        return builder.Build();
    }
}

/// <summary>Numbers the distinct values of a column, so that rows of equal value have equal numbers.</summary>
internal static class GroupReader
{
    /// <summary>Gives the number of the current row's value, from 0.</summary>
    public delegate int ReadGroup();

    public static ReadGroup Create(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        KeyDataViewType => Numbered(KeyReader.Scalar(row, column).Invoke),
        TextDataViewType => Numbered(Values<ReadOnlyMemory<char>, string>(row, column, text => text.ToString())),
        _ => Numbered(Values<float, float>(row, column, number => number)),
    };

    private static Func<TGroup> Values<TValue, TGroup>(DataViewRow row, DataViewSchema.Column column, Func<TValue, TGroup> toGroup)
    {
        var getter = row.GetGetter<TValue>(column);
        TValue value = default!;
        return () =>
        {
            getter(ref value);
            return toGroup(value);
        };
    }

    private static ReadGroup Numbered<T>(Func<T> read) where T : notnull
    {
        var numbers = new Dictionary<T, int>();
        return () =>
        {
            var value = read();
            if (!numbers.TryGetValue(value, out var number)) numbers.Add(value, number = numbers.Count);
            return number;
        };
    }
}
