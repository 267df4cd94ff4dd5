using MlAttention.Core.Text;

namespace MlAttention.Translation;

/// <summary>Reads a column of sources and one of targets.</summary>
internal static class PairReader
{
    /// <summary>Learns the vocabulary of a column.</summary>
    /// <exception cref="InvalidOperationException">The column has no token.</exception>
    public static TextVocabulary Learn(IDataView data, TokenizeSequenceOptions options)
    {
        var learner = new VocabularyLearner(options);
        Read(data, options.Inputs, texts => learner.Add(texts[0].Span));
        return new(options, learner.Learn());
    }

    /// <summary>All pairs, as ids.</summary>
    public static TokenDataset Read(IDataView data, TextVocabulary source, TextVocabulary target, PairDatasetBuilder pairs)
    {
        var (sources, targets) = (source.NewTokenizer(), target.NewTokenizer());
        Read(data, [.. source.Options.Inputs, .. target.Options.Inputs], texts => pairs.Add(sources.Keys(texts[0].Span), targets.Keys(texts[1].Span)));
        return pairs.Build();
    }

    private static void Read(IDataView data, IReadOnlyList<string> names, Action<ReadOnlyMemory<char>[]> read)
    {
        DataViewSchema.Column[] columns = [.. names.Select(name => data.Schema[name])];
        using var cursor = data.GetRowCursor(columns);
        var getters = Array.ConvertAll(columns, cursor.GetGetter<ReadOnlyMemory<char>>);
        var texts = new ReadOnlyMemory<char>[columns.Length];
        while (cursor.ReadNext())
        {
            for (var i = 0; i < texts.Length; i++) getters[i](ref texts[i]);
            read(texts);
        }
    }
}
