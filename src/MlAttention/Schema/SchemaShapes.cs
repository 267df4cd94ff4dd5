namespace MlAttention.Schema;

/// <summary>Schema shapes by ML.NET's public API, which has no constructor for a shape's column.</summary>
/// <remarks>
/// Appending an estimator to a data loader gives a loader estimator, whose output shape is the shape of the loader's schema. So a
/// loader that only has a schema, and an estimator that changes nothing, turn any schema into its shape.
/// </remarks>
internal static class SchemaShapes
{
    /// <summary>The shape of a schema.</summary>
    public static SchemaShape Of(DataViewSchema schema) => new SchemaOnlyLoader(schema).Append(new UnchangingEstimator()).GetOutputSchema();

    /// <summary>The input's columns with those of <paramref name="added"/>; a column of the same name takes the old one's place.</summary>
    public static SchemaShape With(SchemaShape input, DataViewSchema added)
    {
        var columns = new List<SchemaShape.Column>(input);
        foreach (var column in Of(added))
        {
            var index = columns.FindIndex(other => other.Name == column.Name);
            if (index >= 0) columns[index] = column;
            else columns.Add(column);
        }

        return new SchemaShape(columns);
    }

    /// <summary>The column of this name, or null.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name)
    {
        foreach (var column in shape)
            if (column.Name == name) return column;
        return null;
    }

    private sealed class SchemaOnlyLoader(DataViewSchema schema) : IDataLoader<object>
    {
        public DataViewSchema GetOutputSchema() => schema;

        public IDataView Load(object input) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private sealed class UnchangingEstimator : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => throw new NotSupportedException();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
