using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

/// <summary>Small tables and readings of them that the tests share.</summary>
internal static class Tables
{
    internal sealed class Pet
    {
        public string? Name { get; set; }

        public float Weight { get; set; }

        [ColumnName("Kind")]
        public string? Species { get; set; }

        [NoColumn]
        public string? Secret { get; set; }
    }

    internal sealed class Words
    {
        public string[] Tokens { get; set; } = [];
    }

    internal sealed class Number
    {
        public int Id { get; set; }

        public string Group { get; set; } = "";
    }

    public static Pet[] Pets =>
    [
        new() { Name = "Rex", Weight = 30, Species = "dog" },
        new() { Name = "Tom", Weight = 4, Species = "cat" },
        new() { Name = null, Weight = 0.5f, Species = "bird" },
        new() { Name = "Ada", Weight = 5, Species = "cat" },
    ];

    /// <summary>Rows 0, 1, 2 and so on, in groups of three.</summary>
    public static IEnumerable<Number> Numbers(int count) =>
        Enumerable.Range(0, count).Select(i => new Number { Id = i, Group = $"g{i / 3}" });

    public static int[] Ids(IDataView data) => [.. data.GetColumn<int>("Id")];

    public static string[] Texts(VBuffer<ReadOnlyMemory<char>> texts) => [.. texts.DenseValues().Select(text => text.ToString())];

    public static string[] KeyValues(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        return Texts(values);
    }

    /// <summary>The shape of a schema, by the public route through a loader.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => new SchemaLoader(schema).Append(new IdentityEstimator()).GetOutputSchema();

    public static SchemaShape.Column Find(SchemaShape shape, string name) => shape.Single(column => column.Name == name);

    private sealed class SchemaLoader(DataViewSchema schema) : IDataLoader<object>
    {
        public DataViewSchema GetOutputSchema() => schema;

        public IDataView Load(object input) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private sealed class IdentityEstimator : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => throw new NotSupportedException();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
