using Microsoft.ML.Compat;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Makes data views, and chooses and orders their rows.</summary>
public sealed partial class DataOperationsCatalog
{
    private readonly IHost _host;
    private readonly int? _seed;

    internal DataOperationsCatalog(IHostEnvironment environment, int? seed)
    {
        _host = environment.Register(nameof(DataOperationsCatalog));
        _seed = seed;
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        Guard.NotNull(data, nameof(data));
        return new EnumerableDataView<TRow>(data, schemaDefinition);
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        Guard.NotNull(data, nameof(data));
        Guard.NotNull(schema, nameof(schema));
        return new EnumerableDataView<TRow>(data, DefinitionFrom<TRow>(schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        Guard.NotNull(data, nameof(data));
        return Enumerate(data, new ObjectFiller<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition), reuseRowObject);
    }

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        Guard.NotNull(input, nameof(input));
        return new CachedDataView(input, columnsToPrefetch ?? []);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Guard.NotNull(input, nameof(input));
        Guard.Param(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledDataView(input, seed ?? NextSeed(), shufflePoolSize, shuffleSource);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        Guard.NotNull(input, nameof(input));
        Guard.Param(count > 0, nameof(count), "Must be greater than zero.");
        return new RowRangeDataView(input, skip: 0, take: count);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Guard.NotNull(input, nameof(input));
        Guard.Param(count > 0, nameof(count), "Must be greater than zero.");
        return new RowRangeDataView(input, skip: count, take: long.MaxValue);
    }

    /// <summary>The definition of a class whose columns have the types and annotations of a schema.</summary>
    internal static SchemaDefinition DefinitionFrom<TRow>(DataViewSchema schema)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (DataViewSchema.Column column in schema)
        {
            SchemaDefinition.Column member = definition[column.Name] ?? throw new InvalidOperationException($"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
            member.AddAnnotations(column.Annotations);
        }

        return definition;
    }

    private static IEnumerable<TRow> Enumerate<TRow>(IDataView data, ObjectFiller<TRow> filler, bool reuseRowObject)
        where TRow : class, new()
    {
        using DataViewRowCursor cursor = data.GetRowCursor(filler.Columns);
        Action<TRow> fill = filler.CreateFill(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            row = reuseRowObject ? row ?? new TRow() : new TRow();
            fill(row);
            yield return row;
        }
    }

    private int NextSeed()
    {
        lock (_host)
        {
            return _host.Rand.Next();
        }
    }
}
