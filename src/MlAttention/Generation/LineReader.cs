using MlAttention.Core.Text;

namespace MlAttention.Generation;

/// <summary>Reads a column of texts as what a generator learns: the vocabulary, and rows of tokens each of which is to tell the next.</summary>
/// <param name="options">The column, the tokenizer and the longest sequence.</param>
internal sealed class LineReader(TextGeneratorOptions options)
{
    /// <summary>The column.</summary>
    public ColumnRequirement Column => ColumnRequirement.Text("text", options.TextColumnName);

    /// <summary>The tokens of lines, then those of the texts.</summary>
    public Vocabulary Learn(IDataView data)
    {
        if (options.Tokenizer.VocabularyPath is { } path) return LineTokens.Before(VocabularyLearner.Read(path, options.Tokenizer));
        var learner = new VocabularyLearner(options.Tokenizer with { InputColumnName = options.TextColumnName });
        ForEach(data, text => learner.Add(text));
        return LineTokens.Before(learner.Learn());
    }

    /// <summary>The rows; texts without a token are left out and counted.</summary>
    public TokenDataset Read(IDataView data, Vocabulary vocabulary)
    {
        var tokenizer = new SequenceTokenizer(options.Tokenizer, vocabulary);
        var builder = new TokenDatasetBuilder(vocabulary.Size, vocabulary.Size, options.MaxLength, options.Truncation, task: options.Task);
        ForEach(data, text =>
        {
            var keys = tokenizer.Tokenize(text);
            if (keys.IsEmpty) builder.SkippedRows++;
            else builder.Add(LineTokens.Inputs(keys), LineTokens.Targets(keys));
        });
        return builder.Build();
    }

    private void ForEach(IDataView data, Action<ReadOnlySpan<char>> action)
    {
        var column = Column.Check(data.Schema);
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        while (cursor.ReadNext())
        {
            getter(ref text);
            action(text.Span);
        }
    }
}
