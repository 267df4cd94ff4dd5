namespace Microsoft.ML;

/// <summary>Makes data views of one schema from a source.</summary>
public interface IDataLoader<in TSource> : ICanSaveModel
{
    IDataView Load(TSource input);

    DataViewSchema GetOutputSchema();
}
