using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector whose slots are named after their columns.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "Concatenate";

    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(string output, string[] inputs)
    {
        _output = output;
        _inputs = inputs;
    }

    internal ColumnConcatenatingTransformer(ModelReader reader)
    {
        _output = reader.ReadString();
        _inputs = new string[reader.ReadCount(sizeof(int))];
        for (int i = 0; i < _inputs.Length; i++)
        {
            _inputs[i] = reader.ReadString();
        }
    }

    private protected override RowMapping CreateMapping(DataViewSchema inputSchema)
    {
        DataViewSchema.Column[] inputs = [.. _inputs.Select(name => inputSchema.GetColumnOrNull(name) ?? throw Guard.ColumnNotFound("input", name))];
        PrimitiveDataViewType itemType = DataViewTypes.ItemType(inputs[0].Type);
        foreach (DataViewSchema.Column input in inputs)
        {
            if (!itemType.Equals(DataViewTypes.ItemType(input.Type)))
            {
                throw Guard.SchemaMismatch("input", input.Name, itemType.ToString(), input.Type.ToString());
            }
        }

        return new ConcatenationMapping(inputSchema, _output, inputs, itemType);
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.Write(Signature, writer =>
    {
        writer.Write(_output);
        writer.Write(_inputs.Length);
        foreach (string input in _inputs)
        {
            writer.Write(input);
        }
    });
}
