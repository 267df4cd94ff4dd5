using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Normalizes text; in a vector, texts of which nothing is left are left out.</summary>
public sealed class TextNormalizingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "NormalizeText";

    private readonly TextNormalizer _normalizer;

    internal TextNormalizingTransformer(InputOutputColumnPair[] columns, TextNormalizingEstimator.CaseMode caseMode, bool keepDiacritics, bool keepPunctuations, bool keepNumbers)
        : base(columns)
    {
        Guard.Param(Enum.IsDefined(caseMode), nameof(caseMode), $"There is no case mode {(int)caseMode}.");
        _normalizer = new TextNormalizer(caseMode, keepDiacritics, keepPunctuations, keepNumbers);
    }

    internal TextNormalizingTransformer(ModelReader reader)
        : this(reader.ReadColumns(), (TextNormalizingEstimator.CaseMode)reader.ReadInt32(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean())
    {
    }

    internal InputOutputColumnPair[] Pairs => Columns;

    private protected override ColumnMapping MapColumn(int index, DataViewSchema.Column input)
    {
        TextColumns.Check(input);
        bool vector = input.Type is VectorDataViewType;
        DataViewType type = vector ? new VectorDataViewType(TextDataViewType.Instance) : input.Type;
        var output = new DataViewSchema.DetachedColumn(Columns[index].OutputColumnName, type);
        return new ColumnMapping(input, output, row => vector ? CreateVectorGetter(row, input) : CreateGetter(row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.Write(Signature, writer =>
    {
        writer.Write(Columns);
        writer.Write((int)_normalizer.CaseMode);
        writer.Write(_normalizer.KeepDiacritics);
        writer.Write(_normalizer.KeepPunctuations);
        writer.Write(_normalizer.KeepNumbers);
    });

    private ValueGetter<ReadOnlyMemory<char>> CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(input);
        ReadOnlyMemory<char> text = default;
        return (ref ReadOnlyMemory<char> destination) =>
        {
            getter(ref text);
            destination = _normalizer.Normalize(text);
        };
    }

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> CreateVectorGetter(DataViewRow row, DataViewSchema.Column input)
    {
        Func<IEnumerable<ReadOnlyMemory<char>>> read = TextColumns.Reader(row, input);
        return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            ReadOnlyMemory<char>[] texts = [.. read().Select(_normalizer.Normalize).Where(text => !text.IsEmpty)];
            VBuffer<ReadOnlyMemory<char>>.Copy(texts, 0, ref destination, texts.Length);
        };
    }
}
