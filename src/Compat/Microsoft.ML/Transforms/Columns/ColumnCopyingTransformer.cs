using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns with their annotations.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "CopyColumns";

    internal ColumnCopyingTransformer(InputOutputColumnPair[] columns)
        : base(columns)
    {
    }

    private protected override ColumnMapping MapColumn(int index, DataViewSchema.Column input) => new(
        input,
        new DataViewSchema.DetachedColumn(Columns[index].OutputColumnName, input.Type, input.Annotations),
        row => Generic.GetGetter(row, input));

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.Write(Signature, writer => writer.Write(Columns));
}
