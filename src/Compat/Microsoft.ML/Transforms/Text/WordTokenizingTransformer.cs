using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Splits text at separators; words are trimmed, empty ones left out.</summary>
public sealed class WordTokenizingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "TokenizeIntoWords";

    private readonly char[] _separators;

    internal WordTokenizingTransformer(InputOutputColumnPair[] columns, char[] separators)
        : base(columns)
    {
        Guard.Param(separators.Length > 0, nameof(separators), "At least one separator is needed.");
        _separators = separators;
    }

    internal WordTokenizingTransformer(ModelReader reader)
        : this(reader.ReadColumns(), reader.ReadString().ToCharArray())
    {
    }

    internal InputOutputColumnPair[] Pairs => Columns;

    private protected override ColumnMapping MapColumn(int index, DataViewSchema.Column input)
    {
        TextColumns.Check(input);
        var output = new DataViewSchema.DetachedColumn(Columns[index].OutputColumnName, new VectorDataViewType(TextDataViewType.Instance));
        return new ColumnMapping(input, output, row => CreateGetter(row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.Write(Signature, writer =>
    {
        writer.Write(Columns);
        writer.Write(new string(_separators));
    });

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        Func<IEnumerable<ReadOnlyMemory<char>>> read = TextColumns.Reader(row, input);
        var words = new List<ReadOnlyMemory<char>>();
        return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            words.Clear();
            foreach (ReadOnlyMemory<char> text in read())
            {
                AddWords(text, words);
            }

            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref destination, words.Count);
            words.CopyTo(editor.Values);
            destination = editor.Commit();
        };
    }

    private void AddWords(ReadOnlyMemory<char> text, List<ReadOnlyMemory<char>> words)
    {
        foreach (Range range in text.Span.SplitAny(_separators))
        {
            ReadOnlyMemory<char> word = text[range].Trim();
            if (!word.IsEmpty)
            {
                words.Add(word);
            }
        }
    }
}
