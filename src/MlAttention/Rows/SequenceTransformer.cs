using System.Diagnostics;

namespace MlAttention;

/// <summary>
/// Base of this library's transformers: computes rows in batches, maps single rows for prediction engines, and saves into an
/// ordinary ML.NET model file. Safe to use from any number of threads at once.
/// </summary>
public abstract class SequenceTransformer : ITransformer
{
    private protected SequenceTransformer(IHost? host, int maxLength) => Truncation = new TruncationCount(host, maxLength);

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>
    /// Rows cut to the maximum length so far, in all views and prediction engines over this transformer; each pass over the data counts
    /// its rows anew.
    /// </summary>
    public long TruncatedRows => Truncation.Rows;

    /// <summary>What was cut, and the log that is told of it.</summary>
    internal TruncationCount Truncation { get; }

    /// <summary>What the component is called in a model file; never changes.</summary>
    internal abstract string ComponentName { get; }

    /// <summary>The columns that the outputs are computed from.</summary>
    internal abstract IReadOnlyList<string> InputColumnNames { get; }

    /// <summary>The schema after the transformer: all columns of the input and those that it adds.</summary>
    /// <param name="inputSchema">The schema of the data to transform.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has another type; the message names it.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new SchemaBinding(this, inputSchema).Output;

    /// <summary>The data with the transformer's columns; computed while it is read, in batches of rows.</summary>
    /// <param name="input">The data to transform.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has another type; the message names it.</exception>
    /// <exception cref="NotSupportedException">ML.NET's ConvertToOnnx asks, which cannot export the component.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        OnnxExport.Refuse(ComponentName);
        return new BatchDataView(this, input);
    }

    Microsoft.ML.Data.IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(this, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelCarrier.Save(ToState().ToBytes(), ctx);

    /// <summary>Checks the input columns and tells the columns that are added.</summary>
    internal abstract DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input);

    /// <summary>Makes what computes the outputs of at most <paramref name="batchSize"/> rows at a time.</summary>
    internal abstract BatchMapper CreateMapper(int batchSize);

    /// <summary>Makes what computes the outputs of a cursor's rows, or of a row.</summary>
    internal BatchMapper CreateMapper(DataViewRow input, int batchSize)
    {
        var mapper = CreateMapper(batchSize);
        mapper.Bind(input);
        return mapper;
    }

    /// <summary>Writes everything that is needed to make the transformer again.</summary>
    internal abstract void WriteState(ComponentState state);

    internal ComponentState ToState()
    {
        var state = new ComponentState(ComponentName);
        WriteState(state);
        return state;
    }
}

/// <summary>Refuses ML.NET's ConvertToOnnx, which would leave this library's components out of the graph without a word.</summary>
/// <remarks>
/// ML.NET asks an interface of its own, closed to outsiders, whether a component can be exported. A component that it cannot ask becomes
/// the graph's input: the file would take scores and give them back. What an outsider sees of an export is who calls Transform.
/// </remarks>
internal static class OnnxExport
{
    private const string Converter = "Microsoft.ML.OnnxConverter, ";

    /// <exception cref="NotSupportedException">The converter is calling.</exception>
    public static void Refuse(string component)
    {
        if (new StackTrace().GetFrames().Any(IsConverters))
            throw new NotSupportedException($"ConvertToOnnx cannot export {component}: ML.NET asks components through an interface that only its own can implement, and would write a graph without the model. Write a pipeline of TokenizeSequence and the classifier with mlContext.Model.SaveOnnx(model, path), which needs no data.");
    }

    private static bool IsConverters(StackFrame frame) =>
        DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName.StartsWith(Converter, StringComparison.Ordinal) == true;
}
