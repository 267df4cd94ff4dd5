namespace MlAttention;

/// <summary>Base of this library's estimators: checks the input's schema before anything is read, then fits.</summary>
/// <typeparam name="TTransformer">What fitting gives.</typeparam>
public abstract class SequenceEstimator<TTransformer> : IEstimator<TTransformer> where TTransformer : SequenceTransformer
{
    private readonly IReadOnlyList<ColumnRequirement> _inputs;

    private protected SequenceEstimator(IHostEnvironment environment, string name, IReadOnlyList<ColumnRequirement> inputs)
    {
        Host = environment.Register(name);
        _inputs = inputs;
    }

    /// <summary>The estimator's place in the environment: its log and its random numbers.</summary>
    private protected IHost Host { get; }

    /// <summary>Fits a transformer to the data.</summary>
    /// <param name="input">The training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has another type; the message names it.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        using var channel = Host.Start("Fit");
        return Fit(input, channel);
    }

    /// <summary>The shape of the schema after fitting: names, kinds, item types, keys and annotations.</summary>
    /// <param name="inputSchema">The shape of the training data's schema.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has another type; the message names it.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var requirement in _inputs) requirement.Check(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(ExampleOutputColumns(inputSchema));
        return SchemaShapes.With(inputSchema, builder.ToSchema());
    }

    /// <summary>Columns of the shape that fitting will give; their sizes and values do not matter.</summary>
    private protected abstract DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input);

    private protected abstract TTransformer Fit(IDataView input, IChannel channel);
}
