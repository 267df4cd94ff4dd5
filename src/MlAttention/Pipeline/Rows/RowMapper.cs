using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Pipeline.Rows;

/// <summary>Maps one row at a time, for prediction engines.</summary>
internal sealed class RowMapper(SequenceTransformer transformer, DataViewSchema input) : IRowToRowMapper
{
    private readonly SchemaBinding _binding = new(transformer, input);

    public DataViewSchema InputSchema => _binding.Input;

    public DataViewSchema OutputSchema => _binding.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = _binding.Activate(dependingColumns, out var anyAdded);
        return _binding.Needed(active, anyAdded);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != _binding.Input) throw new ArgumentException("The row's schema must be the one that the mapper was made for.", nameof(input));
        var active = _binding.Activate(activeColumns, out var anyAdded);
        return new MappedRow(_binding, anyAdded ? transformer.CreateMapper(1) : null, transformer.Truncation, input, active);
    }
}
